package source

import (
	"encoding/base64"

	"golang.org/x/crypto/argon2"
)

// argonOf hashes with the parameters of the tests.
func argonOf(password string) string {
	return base64.RawStdEncoding.EncodeToString(argon2.IDKey([]byte(password), []byte("somesalt"), 1, 64, 1, 32))
}
