package pseudonym

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// SigningKey signs manifests, so that whoever has the public key can tell a release
// from a forged one. It follows from the master key alone: there is no further secret
// to keep, a rotated salt does not change it, and an officer keeps one public key for
// all studies of a controller. It prints as a placeholder.
type SigningKey struct {
	redacted
	key *secret // the seed of RFC 8032
}

// Signing derives the signing key:
//
//	Ed25519 seed = HKDF-SHA-256(secret = master key, no salt, info = "entscope/signing/v1")
func (m *MasterKey) Signing() (*SigningKey, error) {
	if m == nil || m.key == nil {
		return nil, errors.New("pseudonym: signing key: no master key")
	}
	seed, err := hkdf.Key(sha256.New, m.key.bytes[:], nil, string(appendParts(nil, "entscope/signing/v1")),
		ed25519.SeedSize)
	if err != nil {
		return nil, fmt.Errorf("pseudonym: signing key: %w", err)
	}
	return &SigningKey{key: &secret{(*[32]byte)(seed)}}, nil
}

// Sign is the Ed25519 signature of a manifest's bytes, 64 bytes: the same for the same
// manifest and key.
func (k *SigningKey) Sign(manifest []byte) []byte {
	return ed25519.Sign(ed25519.NewKeyFromSeed(k.key.bytes[:]), manifest)
}

// Public is the public key as a PEM block (SubjectPublicKeyInfo), which OpenSSL reads too.
func (k *SigningKey) Public() ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(ed25519.NewKeyFromSeed(k.key.bytes[:]).Public())
	if err != nil {
		return nil, fmt.Errorf("pseudonym: public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}
