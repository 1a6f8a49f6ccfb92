# The data comes on standard input. As root directly, or through sudo for any other SSH user.
script=$(cat <<'END_OF_SCRIPT'
${script}
END_OF_SCRIPT
)
if [ "$(id -u)" -eq 0 ]; then exec sh -c "$script"; fi
exec sudo -n env SSH_CONNECTION="${SSH_CONNECTION:-}" SSH_USER_AUTH="${SSH_USER_AUTH:-}" sh -c "$script"
