" Vim with ALE, set up by the recipe of the guide: waits for the diagnostics, hovers, applies the code action.
function! WaitUntil(condition) abort
  let l:start = reltime()
  while !a:condition()
    if reltimefloat(reltime(l:start)) > 60
      throw 'Nothing came'
    endif
    sleep 20m
  endwhile
endfunction

function! Diagnostics() abort
  return get(get(g:ale_buffer_info, bufnr(''), {}), 'loclist', [])
endfunction

let g:ale_linters = {'python': ['torchlint']}
let g:ale_hover_to_preview = 1
edit train.py
ALELint
call WaitUntil({-> len(Diagnostics()) > 0})
let s:found = Diagnostics()[0]
call cursor(s:found.lnum, s:found.col)

ALEHover
call WaitUntil({-> len(filter(getwininfo(), {_, window -> getwinvar(window.winid, '&previewwindow')})) > 0})
wincmd P
let s:hover = join(getline(1, '$'), "\n")
pclose

" The menu names the preferred action first.
call feedkeys("1\<CR>", 't')
ALECodeAction
call WaitUntil({-> search('unscale_', 'nw') > 0})
ALELint
call WaitUntil({-> len(Diagnostics()) == 0})

let s:result = {
\   'line': s:found.lnum,
\   'diagnostic': s:found.text,
\   'hover': s:hover,
\   'text': join(getline(1, '$'), "\n") . "\n",
\}
call writefile([json_encode(s:result)], $TORCHLINT_RESULT)
qall!
