package pseudonym

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
)

// LastingKey follows from the master key alone: what has left under one study is
// remembered when its salt is rotated or destroyed, its purpose reworded or its
// folder copied. It gives the persons' noise and the register of releases, and
// makes no pseudonym. It prints as a placeholder.
type LastingKey struct {
	redacted
	key *secret
}

// Lasting derives the lasting key:
//
//	HKDF-SHA-256(secret = master key, no salt, info = "entscope/lasting/v1")
func (m *MasterKey) Lasting() (*LastingKey, error) {
	if m == nil || m.key == nil {
		return nil, errors.New("pseudonym: lasting key: no master key")
	}
	k, err := hkdf.Key(sha256.New, m.key.bytes[:], nil, string(appendParts(nil, "entscope/lasting/v1")), 32)
	if err != nil {
		return nil, fmt.Errorf("pseudonym: lasting key: %w", err)
	}
	return &LastingKey{key: &secret{(*[32]byte)(k)}}, nil
}

// Hasher returns the hasher of a namespace: the same for every study of a master key.
func (k *LastingKey) Hasher(namespace string) *Hasher {
	context := appendParts(nil, "lasting/v1", namespace)
	if odd := len(context) % sha256.BlockSize; odd != 0 {
		context = append(context, make([]byte, sha256.BlockSize-odd)...)
	}
	return &Hasher{c: newCore(k.key.bytes[:], context)}
}

// Seal encrypts text under a label with AES-256-GCM, whose nonce is a keyed hash
// of the text: the same text gives the same bytes, as every output does here.
func (k *LastingKey) Seal(label string, text []byte) ([]byte, error) {
	aead, err := k.sealing(label)
	if err != nil {
		return nil, err
	}
	sum := newCore(k.key.bytes[:], appendParts(nil, "seal/nonce/v1", label)).sum(text)
	nonce := append([]byte(nil), sum[:aead.NonceSize()]...)
	return append(nonce, aead.Seal(nil, nonce, text, []byte(label))...), nil
}

// Open gives the text that Seal encrypted, or an error when it was altered or is
// another key's.
func (k *LastingKey) Open(label string, sealed []byte) ([]byte, error) {
	aead, err := k.sealing(label)
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, errors.New("pseudonym: open sealed text: too short")
	}
	text, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(label))
	if err != nil {
		return nil, errors.New("pseudonym: open sealed text: it was altered, or another key sealed it")
	}
	return text, nil
}

func (k *LastingKey) sealing(label string) (cipher.AEAD, error) {
	key := *newCore(k.key.bytes[:], appendParts(nil, "seal/key/v1", label)).sum(nil)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("pseudonym: seal: %w", err)
	}
	return cipher.NewGCM(block)
}
