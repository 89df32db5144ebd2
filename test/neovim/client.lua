-- Neovim's own client: waits for diagnostics, asks for a hover, applies the code action, and writes what it got.
local result = {}

local function request(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 20000) or {}
  for _, answer in pairs(answers) do
    if answer.result then return answer.result end
  end
end

local client = vim.lsp.start_client({
  name = 'torchlint',
  cmd = { vim.env.TORCHLINT_NODE, vim.env.TORCHLINT, 'server', '--stdio' },
  root_dir = vim.fn.getcwd(),
})
vim.lsp.buf_attach_client(0, client)
vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 20)

result.diagnostics = vim.tbl_map(function(found)
  return { line = found.lnum + 1, code = found.code or found.user_data.lsp.code, message = found.message }
end, vim.diagnostic.get(0))

local first = vim.diagnostic.get(0)[1]
if first then
  vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
  result.hover = request('textDocument/hover', vim.lsp.util.make_position_params())
  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = {}, only = { 'quickfix' } }
  for _, action in ipairs(request('textDocument/codeAction', params) or {}) do
    if action.isPreferred then
      action = action.edit and action or request('codeAction/resolve', action)
      vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(client).offset_encoding)
      result.title = action.title
      break
    end
  end
  result.text = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  vim.wait(10000, function() return #vim.diagnostic.get(0) == 0 end, 20)
  result.left = #vim.diagnostic.get(0)
end

vim.fn.writefile({ vim.fn.json_encode(result) }, vim.env.TORCHLINT_RESULT)
vim.cmd('qall!')
