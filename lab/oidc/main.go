// lab-issuer: a small issuer of access tokens for the lab and its tests, in place of Maskinporten or ID-porten: metadata,
// a JWK set, and a token endpoint with client_credentials for the clients of a file. It rotates its keys when it is told to,
// and makes tokens that nobody should accept.
//
//	lab-issuer -listen 10.77.0.1:9443 -issuer https://10.77.0.1:9443/ -cert FILE -key FILE -clients FILE -keys FILE
//
// The keys it signs with are in the file of -keys, which it writes; without one they end with it.
//
//	GET  /.well-known/oauth-authorization-server   metadata (RFC 8414); also /.well-known/openid-configuration
//	GET  /jwks                                     its public keys
//	POST /token                                    grant_type=client_credentials [scope] [alg=ES256] [lifetime=1h]
//	POST /token/odd                                the same with kind=…: a token that is wrong in one way; GET lists them
//	POST /rotate                                   [keep=true] new keys; those before stay published with keep
//
// A client logs in with HTTP Basic, at each of the POSTs.
package main

import (
	"crypto/tls"
	"flag"
	"log"
	"net/http"
	"time"
)

func main() {
	log.SetFlags(log.Ldate | log.Ltime)
	log.SetPrefix("lab-issuer: ")
	listen := flag.String("listen", "", "address and port")
	name := flag.String("issuer", "", "what tokens have as iss: the URL below which this is reached")
	cert := flag.String("cert", "", "PEM certificate for TLS")
	key := flag.String("key", "", "its private key")
	clients := flag.String("clients", "", "JSON array of the clients")
	keys := flag.String("keys", "", "where the signing keys are kept; empty: in memory")
	flag.Parse()
	if flag.NArg() > 0 || *listen == "" || *name == "" || *cert == "" || *key == "" || *clients == "" {
		flag.Usage()
		log.Fatal("-listen, -issuer, -cert, -key and -clients are required")
	}
	registered, err := readClients(*clients)
	if err != nil {
		log.Fatal(err)
	}
	set, err := openKeys(*keys)
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{
		Addr:              *listen,
		Handler:           newIssuer(*name, registered, set, time.Now).handler(),
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS12},
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	log.Printf("%s at %s", *name, *listen)
	log.Fatal(server.ListenAndServeTLS(*cert, *key))
}
