package lake

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest/source"
)

// Destroy removes the zone from the store: the salt first, the mark last, and nothing that has another name than
// ours. A zone that is not there is destroyed already; that of another folder is refused.
func (s *Store) Destroy(ctx context.Context) error { return s.fault("destroy", s.destroy(ctx)) }

func (s *Store) destroy(ctx context.Context) error {
	for range 5 { // until nothing is left: a run elsewhere may still have been putting
		there, err := s.list(ctx)
		if err != nil {
			return err
		}
		if len(there) == 0 {
			return nil
		}
		if err := s.marked(ctx, there); err != nil {
			return err
		}
		var dead []string
		if _, ok := there[saltName]; ok {
			if err := s.own(ctx); err != nil {
				return err
			}
			dead = append(dead, saltName)
		}
		for _, object := range slices.Sorted(maps.Keys(there)) {
			if _, ok := parse(object); ok {
				dead = append(dead, object)
			}
		}
		if len(dead) == 0 {
			return s.remove(ctx, []string{markName})
		}
		if err := s.remove(ctx, dead); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: what was removed is there again", ErrUnfit)
}

// own refuses a zone that is not the folder's. A folder without a salt has none to compare.
func (s *Store) own(ctx context.Context) error {
	mine, err := pseudonym.LoadSalt(s.o.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	theirs, err := s.salt(ctx)
	if errors.Is(err, source.ErrGone) {
		return nil
	}
	if err == nil && mine != theirs {
		err = fmt.Errorf("%s: %w: the store holds another zone", s.o.Dir, durable.ErrForeign)
	}
	return err
}

// Look says what stands on the store, and changes nothing.
type Look struct {
	// Store is its address.
	Store string `json:"store"`
	// Listing is the number of the newest listing, 0 of none; Folder is the one that the folder has.
	Listing int `json:"listing"`
	Folder  int `json:"folder"`
	// Objects and Bytes are those of the zone, shards included.
	Objects int   `json:"objects"`
	Bytes   int64 `json:"bytes"`
}

// Look looks at the store.
func (s *Store) Look(ctx context.Context) (*Look, error) {
	there, err := s.list(ctx)
	if err == nil {
		err = s.marked(ctx, there)
	}
	if err != nil {
		return nil, s.fault("look", err)
	}
	at, err := readState(s.o.Dir)
	if err != nil {
		return nil, s.fault("look", err)
	}
	look := &Look{Store: s.o.Remote.ID(), Folder: at.Listing}
	if _, ok := there[saltName]; ok {
		salt, err := s.salt(ctx)
		if err != nil {
			return nil, s.fault("look", err)
		}
		s.zone = zoneOf(salt)
		look.Listing = s.newest(there)
	}
	for object, e := range there {
		if n, ok := parse(object); ok && n.zone == s.zone {
			look.Objects++
			look.Bytes += e.Size
		}
	}
	return look, nil
}
