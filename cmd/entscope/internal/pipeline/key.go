package pipeline

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// masterKey loads the study's master key. The key of a synthetic region is refused
// where persons are.
func masterKey(s *study.Study) (*pseudonym.MasterKey, error) {
	master, err := pseudonym.LoadKey(s.Path(s.Key.File), s.Path(s.Key.Identity))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	if master.Synthetic() && !s.About.Synthetic {
		return nil, fmt.Errorf("%w: %s is the published key of a synthetic region, which protects nobody; "+
			"hint: entscope key init makes one for this study", study.ErrConfig, s.Key.File)
	}
	return master, nil
}

// studyKey derives the study's key; the restricted zone gets its salt here when
// it has none yet.
func (b *Batch) studyKey() (*pseudonym.StudyKey, error) {
	s := b.Study
	master, err := masterKey(s)
	if err != nil {
		return nil, err
	}
	dir := s.Path(s.Output.Restricted)
	salt, err := pseudonym.LoadSalt(dir)
	if errors.Is(err, fs.ErrNotExist) {
		salt, err = pseudonym.CreateSalt(b.Disk, dir)
	}
	if err != nil {
		return nil, err
	}
	return master.Study(s.About.Purpose, s.About.SchoolYear, salt)
}

// Releases opens the register of releases of the study's master key.
func Releases(s *study.Study) (*release.Register, error) {
	master, err := masterKey(s)
	if err != nil {
		return nil, err
	}
	key, err := master.Lasting()
	if err != nil {
		return nil, err
	}
	register, err := release.Open(s.ReleasesFile(), key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	return register, nil
}

// releases is Releases, written on the disk of the batch.
func (b *Batch) releases() (*release.Register, error) {
	register, err := Releases(b.Study)
	if register != nil {
		register.Disk = b.Disk
	}
	return register, err
}

// signer signs manifests with the key that follows from the study's master key.
func signer(s *study.Study) (edition.Sign, error) {
	master, err := masterKey(s)
	if err != nil {
		return nil, err
	}
	key, err := master.Signing()
	if err != nil {
		return nil, err
	}
	return key.Sign, nil
}
