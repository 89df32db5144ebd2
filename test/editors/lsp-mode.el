;;; Emacs with lsp-mode, set up by the recipe of the guide: waits for the diagnostics, hovers, applies the code action. -*- lexical-binding: t -*-

(setq lsp-session-file (expand-file-name "session") lsp-server-install-dir (expand-file-name "servers/"))
(require 'lsp-mode)
(require 'lsp-diagnostics)
(require 'json)
(load (expand-file-name "recipe"))

(defun wait-until (condition)
  "Pump events until CONDITION holds, for two minutes at most."
  (with-timeout (120 (error "Nothing came"))
    (while (not (funcall condition)) (accept-process-output nil 0.05))))

(defun diagnostics ()
  "Those of the file, as the server sent them."
  (gethash (expand-file-name "train.py") (lsp-diagnostics t)))

(setq lsp-auto-guess-root t lsp-enable-snippet nil)
(find-file "train.py")
(lsp)
(wait-until #'diagnostics)

(let* ((found (car (diagnostics)))
       (line (1+ (gethash "line" (gethash "start" (gethash "range" found)))))
       hover)
  (goto-char (point-min))
  (forward-line (1- line))
  (back-to-indentation)
  (setq hover (lsp-request "textDocument/hover" (lsp--text-document-position-params)))
  (lsp-execute-code-action (seq-find (lambda (action) (gethash "isPreferred" action)) (lsp-code-actions-at-point)))
  (wait-until (lambda () (null (diagnostics))))
  (with-temp-file (getenv "TORCHLINT_RESULT")
    (insert (json-encode `((line . ,line)
                           (diagnostic . ,(gethash "message" found))
                           (hover . ,(gethash "value" (gethash "contents" hover)))
                           (text . ,(with-current-buffer "train.py" (buffer-string))))))))
