export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** Each asks `hookcast complete` with the words so far, and gives files where it has no answer. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_hookcast() {
  local IFS=$'\\n'
  COMPREPLY=($(hookcast complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _hookcast hookcast
`,
  zsh: `#compdef hookcast
_hookcast() {
  local -a found
  local value text
  while IFS=$'\\t' read -r value text; do
    found+=("\${value//:/\\\\:}:$text")
  done < <(hookcast complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( $#found )); then _describe hookcast found; else _files; fi
}
compdef _hookcast hookcast
`,
  fish: `function _hookcast
  set -l found (hookcast complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)
  if set -q found[1]
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c hookcast -f -a '(_hookcast)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName hookcast -ScriptBlock {
  param($word, $ast, $position)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -eq '') { $words += '""' }
  hookcast complete -- @words 2>$null | ForEach-Object {
    $value, $text = $_ -split "\`t", 2
    if (-not $text) { $text = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $text)
  }
}
`,
};
