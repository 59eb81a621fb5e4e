# Completion of portcullis for bash 4 and newer: source <(portcullis completion bash)

_portcullis() {
  # What this function is given is cut at each of $COMP_WORDBREAKS: --output=json is three words. Pieces with no blank
  # between them belong together, up to the cursor.
  local rest=${COMP_LINE:0:COMP_POINT} words=() piece trimmed i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    trimmed=${rest#"${rest%%[![:space:]]*}"}
    piece=${COMP_WORDS[i]}
    [[ $i -lt $COMP_CWORD ]] || piece=$trimmed
    if [[ ${#words[@]} -eq 0 || $trimmed != "$rest" ]]; then
      words+=("$piece")
    else
      words[-1]+=$piece
    fi
    rest=${trimmed#"$piece"}
  done
  # What is written replaces what is behind the last break alone; of an @, the @ too.
  local word=${words[-1]} kept='' breaks=${COMP_WORDBREAKS//[[:space:]\"\']/}
  if [[ -n $breaks && $word == *["$breaks"]* ]]; then
    kept=${word%"${word##*["$breaks"]}"}
    kept=${kept%@}
  fi

  local lines=() line directive=0
  mapfile -t lines < <("${words[0]/#\~/$HOME}" __complete "${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  for line in "${lines[@]}"; do
    case $line in
      :*) directive=${line#:} ;;
      *)
        line=${line%%$'\t'*}
        COMPREPLY+=("${line#"$kept"}")
        ;;
    esac
  done

  ((directive & 2)) && compopt -o nospace
  if ((directive & 16)); then
    compopt -o dirnames
  elif ! ((directive & 4)); then
    # Alone, files are completed by readline, which knows quotes and variables; with others, as they are.
    if ((${#COMPREPLY[@]})); then
      mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "${word#"$kept"}")
      compopt -o filenames
    else
      compopt -o default -o bashdefault
    fi
  fi
}

complete -F _portcullis portcullis kubectl-seccomp
