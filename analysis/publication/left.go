package publication

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/edition"
)

// ErrNotLeft says why a publication is not taken for one that has left.
var ErrNotLeft = errors.New("no publication of these editions as it left")

// Left is a publication that has left: what it says that it was made with, and Of, the SHA-256 of the manifests of its
// editions.
type Left struct {
	Options
	Hash string // SHA-256 of its manifest
	Of   []string

	manifest, signature []byte
}

// ReadLeft reads the publication in dir: every file of it must be what its manifest lists. The folders of its editions
// are for the caller to set.
func ReadLeft(dir string) (*Left, error) {
	e, err := ReadEarlier(dir)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotLeft, err)
	}
	l := &Left{Hash: e.Hash}
	if l.Options, err = Announced(dir); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotLeft, err)
	}
	l.Dir = dir
	s, err := readStamp(dir)
	if err != nil {
		return nil, fmt.Errorf("publication: %w", err)
	}
	l.Of = slices.Sorted(maps.Values(s.Editions))
	if l.manifest, err = edition.ReadPlain(dir, manifestFile); err != nil {
		return nil, fmt.Errorf("publication: %w", err)
	}
	l.signature, err = edition.ReadPlain(dir, edition.SignatureFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("publication: %w", err)
	}
	return l, nil
}

// SignedBy reports whether a key signed the publication.
func (l *Left) SignedBy(key ed25519.PublicKey) bool {
	return len(l.signature) == ed25519.SignatureSize && ed25519.Verify(key, l.manifest, l.signature)
}

// Stand decides again on the numbers of the publication, from the editions Research and Schools. Its figures must come
// out as they left; the error wraps ErrNotLeft where they do not.
func (l *Left) Stand(ctx context.Context) (*indicator.Stood, error) {
	research, err := query.Open(ctx, l.Research, l.Engine)
	if err != nil {
		return nil, err
	}
	defer research.Close()
	exact, err := indicator.Compute(ctx, research, l.Indicators)
	if err != nil {
		return nil, err
	}
	schools, err := query.Open(ctx, l.Schools, l.Engine)
	if err != nil {
		return nil, err
	}
	defer schools.Close()
	plan, err := l.standing(research.Manifest)
	if err != nil {
		return nil, err
	}
	stood, err := indicator.Stand(ctx, exact, schools, l.Policy, plan.Declared(), l.Overrides)
	if errors.Is(err, indicator.ErrOverride) {
		return nil, fmt.Errorf("%w: %s: %w", ErrNotLeft, filepath.Base(l.Dir), err)
	}
	if err != nil {
		return nil, err
	}
	if _, same, err := l.shows(stood.Released); err != nil || !same {
		return nil, errors.Join(err, fmt.Errorf("%w: the figures of %s do not follow from them; hint: entscope audit",
			ErrNotLeft, l.Dir))
	}
	return stood, nil
}
