# For lab/store and lab/issuer: keys and certificates in PEM, made once.
# shellcheck shell=bash
# Sourced after lib.sh.

random() { LC_ALL=C tr -dc 'A-Za-z0-9' < <(head -c 4096 /dev/urandom) | cut -c "1-$1"; }

# certificate_of NAME FOLDER KIND SUBJECT SAN: an authority called NAME, and a certificate by it for a
# server or a client (KIND), in FOLDER: ca.crt, ca.key, KIND.crt, KIND.key.
certificate_of() {
  local name=$1 folder=$2 kind=$3 key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650)
  cat >"$folder/openssl.cnf" <<EOT
[req]
prompt = no
distinguished_name = name
[name]
CN = $name
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = ${kind}Auth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = $5
EOT
  {
    openssl req -x509 "${key[@]}" -config "$folder/openssl.cnf" -extensions authority \
      -keyout "$folder/ca.key" -out "$folder/ca.crt" &&
      openssl req -x509 "${key[@]}" -config "$folder/openssl.cnf" -extensions leaf -subj "$4" \
        -CA "$folder/ca.crt" -CAkey "$folder/ca.key" -keyout "$folder/$kind.key" -out "$folder/$kind.crt"
  } >"$folder/openssl.log" 2>&1 ||
    fail "openssl makes no certificate: ${name,}" "$(tail -n 3 "$folder/openssl.log")" 'OpenSSL 3 or newer'
}

# server_certificate NAME FOLDER ADDRESS: for a server on this machine, by an authority that is then forgotten.
server_certificate() {
  [[ ! -d $2 ]] || return 0
  rm -rf "$2.new"
  mkdir -p "$2.new"
  # pgBackRest 2.45 looks for addresses among the names.
  certificate_of "$1" "$2.new" server "/CN=$3" "IP:$3,DNS:$3"
  rm "$2.new/ca.key"
  mv "$2.new" "$2"
}
