package backup

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"

	"warder/internal/kit/fault"
)

// Recipients reads the public halves of recovery keys: age1... .
func Recipients(texts []string) ([]age.Recipient, error) {
	var all []age.Recipient
	for _, text := range texts {
		found, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil || len(found) != 1 {
			return nil, fault.New(fault.Invalid, "%q is no recipient; the line that begins with age1, from warder backup key, would be", text)
		}
		all = append(all, found...)
	}
	return all, nil
}

// Identities reads recovery keys from a file.
func Identities(path string) ([]age.Identity, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "read the recovery key: %w", err)
	}
	defer f.Close()
	all, err := age.ParseIdentities(f)
	if err != nil { // the library's message may repeat what is in the file
		return nil, fault.New(fault.Invalid, "%s holds no recovery key; it has a line that begins with AGE-SECRET-KEY-", path)
	}
	return all, nil
}

// Key is a new recovery key and its public half.
type Key struct{ Recipient, Secret string }

// NewKey makes a recovery key.
func NewKey() (Key, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return Key{}, fmt.Errorf("make a recovery key: %w", err)
	}
	return Key{Recipient: id.Recipient().String(), Secret: id.String()}, nil
}

// witness keeps the key of one file while that is written, so that the file can
// be read back. It is no key of a person's: it opens this one file, and is
// forgotten after that.
type witness struct {
	age.Recipient
	key *[]byte
}

// WrapWithLabels is the recipient's own, so that recipients of different strength
// are not mixed.
func (w witness) WrapWithLabels(fileKey []byte) ([]*age.Stanza, []string, error) {
	*w.key = append((*w.key)[:0], fileKey...)
	if labelled, ok := w.Recipient.(age.RecipientWithLabels); ok {
		return labelled.WrapWithLabels(fileKey)
	}
	stanzas, err := w.Recipient.Wrap(fileKey)
	return stanzas, nil, err
}

// seal encrypts what is written for the recipients. The identity that it returns
// opens this file only.
func seal(w io.Writer, to []age.Recipient) (io.WriteCloser, func() age.Identity, error) {
	if len(to) == 0 {
		return nil, nil, fault.New(fault.Invalid, "a backup needs a recipient: make a recovery key with warder backup key")
	}
	var key []byte
	seen := make([]age.Recipient, len(to))
	for i, r := range to {
		seen[i] = witness{r, &key}
	}
	out, err := age.Encrypt(w, seen...)
	if err != nil {
		return nil, nil, fmt.Errorf("encrypt the backup: %w", err)
	}
	return out, func() age.Identity { return age.NewInjectedFileKeyIdentity(key) }, nil
}

// unseal decrypts a backup.
func unseal(r io.Reader, with []age.Identity) (io.Reader, error) {
	plain, err := age.Decrypt(r, with...)
	var foreign *age.NoIdentityMatchError
	switch {
	case errors.As(err, &foreign):
		return nil, fault.New(fault.Denied, "this recovery key does not open the backup: it was made for another key")
	case err != nil:
		return nil, fault.New(fault.Invalid, "this is no backup of Warder, or its beginning is damaged: %w", err)
	}
	return plain, nil
}
