package combine

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/durable"
)

// Options are what a combination is made from. Everything must be set but Schools and Keys.
type Options struct {
	// Editions are folders of research editions, one of each controller; Schools those of the schools
	// editions of the same runs, which tell what schools are in each.
	Editions, Schools []string
	// Keys are the public keys of the controllers.
	Keys []ed25519.PublicKey
	// Study is what the combination is called.
	Study string
	// Dir is the folder to make; nothing may be there. Disk is where; the zero Disk is the machine's.
	Dir  string
	Disk durable.Disk
	// Audit refuses an edition of which a claim does not hold, before a table of it is read.
	Audit func(ctx context.Context, dir string) error
}

// EditionDir is the folder of the combined edition in that of a combination.
const EditionDir = "edition"

// ErrUnsigned says that an edition is signed by none of the keys that were given.
var ErrUnsigned = errors.New("combine: signed by none of the given keys")

// Make makes the folder of a combination: it appears whole, or not at all. The parts come back in their
// order. An error wraps ErrUnlike, ErrOverlap or ErrUnsigned where the editions are refused.
func Make(ctx context.Context, o Options) (parts []*Part, err error) {
	if _, err := durable.Check(o.Dir, nil); err != nil {
		return nil, err
	}
	if parts, err = o.read(ctx, o.Editions); err != nil {
		return nil, err
	}
	schools, err := o.read(ctx, o.Schools)
	if err != nil {
		return nil, err
	}
	if err := Beside(parts, schools); err != nil {
		return nil, err
	}
	if err := Check(parts); err != nil {
		return nil, err
	}
	staged, err := o.Disk.NewStage(o.Dir, 0o700)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, staged.Abort()) }()
	parts = inOrder(parts)
	if err := Pool(o.Disk, filepath.Join(staged.Dir(), EditionDir), o.Study, parts, nil); err != nil {
		return nil, err
	}
	return parts, staged.Commit(nil)
}

// read audits and opens editions.
func (o *Options) read(ctx context.Context, dirs []string) (parts []*Part, err error) {
	var faults []error
	for _, dir := range dirs {
		if err := o.Audit(ctx, dir); err != nil {
			faults = append(faults, err)
			continue
		}
		p, err := Read(dir, o.Keys)
		if err == nil && len(o.Keys) > 0 && p.Signer == nil {
			err = fmt.Errorf("%w: %s", ErrUnsigned, dir)
		}
		if err != nil {
			faults = append(faults, err)
			continue
		}
		parts = append(parts, p)
	}
	return parts, errors.Join(faults...)
}
