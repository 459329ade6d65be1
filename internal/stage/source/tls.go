package source

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

var errNoCertificate = errors.New("the file holds no PEM certificate")

// Server reads the files and returns a listener's configuration: TLS 1.2 or
// newer, and a sender's certificate where ClientCA is set (RFC 5425 section 4.2.2).
func (t TLS) Server() (*tls.Config, error) {
	cert, err := tls.LoadX509KeyPair(t.Cert, t.Key)
	if err != nil {
		return nil, fmt.Errorf("read the certificate %s and its key %s: %w", t.Cert, t.Key, err)
	}
	conf := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}}
	if t.ClientCA == "" {
		return conf, nil
	}
	pem, err := os.ReadFile(t.ClientCA)
	if err != nil {
		return nil, fmt.Errorf("read the authority of clients: %w", err)
	}
	conf.ClientCAs = x509.NewCertPool()
	if !conf.ClientCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("read the authority of clients %s: %w", t.ClientCA, errNoCertificate)
	}
	conf.ClientAuth = tls.RequireAndVerifyClientCert
	return conf, nil
}
