# Prints the clock of this host and the findings of all checks, and changes nothing. The last line
# says that nothing is missing.
printf 'clock\t%s\n' "$(date +%s)"
run_checks
printf 'end\n'
