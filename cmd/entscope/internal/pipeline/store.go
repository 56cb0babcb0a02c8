package pipeline

import (
	"errors"
	"fmt"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/lake"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/source"
)

// Store is the store of the study's restricted zone, nil where the zone is a folder alone. A folder that is the cache of a
// store is refused without it.
func Store(disk durable.Disk, s *study.Study) (*lake.Store, error) {
	dir := s.Path(s.Output.Restricted)
	remote, ok := s.Lake()
	if !ok {
		if lake.IsCache(dir) {
			return nil, fmt.Errorf("%w: %s is the cache of a store; hint: [store]", study.ErrConfig, dir)
		}
		return nil, nil
	}
	store, err := lake.Open(lake.Options{Remote: remote, Dir: dir, Disk: disk,
		Key: func(salt [32]byte) (*pseudonym.StudyKey, error) {
			master, err := masterKey(s)
			if err != nil {
				return nil, err
			}
			return master.Study(s.About.Purpose, s.About.SchoolYear, salt)
		}})
	if err != nil {
		return nil, fmt.Errorf("%w: [store]: %w", study.ErrConfig, err)
	}
	return store, nil
}

// OfStore says what a fault of a store is to a user.
func OfStore(err error) error {
	is := func(kinds ...error) bool {
		for _, kind := range kinds {
			if errors.Is(err, kind) {
				return true
			}
		}
		return false
	}
	switch {
	case is(source.ErrTemporary, lake.ErrLost, study.ErrConfig):
		return err
	case is(lake.ErrDamaged):
		return fmt.Errorf("%w: %w", study.ErrInput, err)
	case is(lake.ErrUnfit, lake.ErrDestroyed, durable.ErrForeign, source.ErrDenied, source.ErrServer, source.ErrGone):
		return fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	return err
}
