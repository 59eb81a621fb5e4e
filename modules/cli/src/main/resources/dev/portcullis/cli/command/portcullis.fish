# Completion of portcullis for fish: portcullis completion fish | source

function __portcullis_candidates
  set -l words (commandline -opc)
  set -l word (commandline -ct)
  set -l program (string replace -r '^~' -- "$HOME" $words[1])
  set -l lines ($program __complete $words[2..-1] "$word" 2>/dev/null)
  set -l directive 0
  for line in $lines
    if string match -q -- ':*' $line
      set directive (string sub -s 2 -- $line)
    else
      printf '%s\n' $line
    end
  end
  # --policy=ex: the name of a file begins behind the equals sign.
  set -l option (string match -r -- '^--[^=]*=' "$word")
  set -l begun (string replace -r -- '^--[^=]*=' '' "$word")
  if test (math "bitand($directive, 16)") -ne 0
    printf "$option%s\n" (__fish_complete_directories "$begun" '')
  else if test (math "bitand($directive, 4)") -eq 0
    printf "$option%s\n" (__fish_complete_path "$begun" '')
  end
end

complete -c portcullis -f -k -a '(__portcullis_candidates)'
complete -c kubectl-seccomp -f -k -a '(__portcullis_candidates)'
