package lake

import (
	"bytes"
	"crypto/hmac"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/zone"
)

// entry is a file of the zone, and the number of the listing that its object was put for.
type entry struct {
	Path    string `json:"path"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
	Listing int    `json:"listing"`
}

// content is what an entry says of the bytes of a file.
type content struct {
	path, sum string
	bytes     int64
}

func (e entry) content() content { return content{e.Path, e.SHA256, e.Bytes} }

const listingVersion = 1

// listing is what the zone consists of.
type listing struct {
	Version int `json:"version"`
	Number  int `json:"number"`
	// Since is when the zone began.
	Since time.Time `json:"since"`
	Files []entry   `json:"files"` // in the order of their paths
}

// state is what the folder was when it was last what the store lists: zone.CacheName.
type state struct {
	Store string `json:"store"` // its address, for whoever reads the file
	Zone  string `json:"zone"`
	// Listing is the number of the listing; 0 of none.
	Listing int `json:"listing"`
	// Whole is false while the folder is being made that.
	Whole bool    `json:"whole"`
	Files []entry `json:"files"`
}

func (s *state) files() map[content]entry {
	files := make(map[content]entry, len(s.Files))
	for _, e := range s.Files {
		files[e.content()] = e
	}
	return files
}

// IsCache reports whether the zone in dir is the cache of a store.
func IsCache(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, zone.CacheName))
	return err == nil
}

// readState reads the state of the folder; one that is no cache has none.
func readState(dir string) (s state, err error) {
	data, err := os.ReadFile(filepath.Join(dir, zone.CacheName))
	if errors.Is(err, fs.ErrNotExist) {
		return state{}, nil
	}
	if err == nil && json.Unmarshal(data, &s) != nil {
		err = fmt.Errorf("%s: %w", zone.CacheName, durable.ErrForeign)
	}
	return s, err
}

func (s *Store) writeState(to state) error {
	to.Store, to.Zone = s.o.Remote.ID(), s.zone
	data, err := json.Marshal(&to)
	if err == nil {
		err = s.o.Disk.WriteFile(filepath.Join(s.o.Dir, zone.CacheName), append(data, '\n'), 0o600)
	}
	if err == nil {
		s.at = to
	}
	return err
}

// seal puts the MAC of an object's name and text before its text.
func (s *Store) seal(object string, text []byte) []byte {
	return append(append(s.mac(object, text), '\n'), text...)
}

// unseal gives the text of a sealed object, of that name and nobody else's.
func (s *Store) unseal(object string, sealed []byte) ([]byte, error) {
	mac, text, _ := bytes.Cut(sealed, []byte("\n"))
	if !hmac.Equal(mac, s.mac(object, text)) {
		return nil, fmt.Errorf("%w: object %s was not written under this study's key", ErrDamaged, object)
	}
	return text, nil
}

func (s *Store) mac(object string, text []byte) []byte {
	sum := s.key.Hasher("store").Sum(append([]byte(object+"\n"), text...))
	return hex.AppendEncode(nil, sum[:])
}

func (s *Store) encode(l *listing) ([]byte, error) {
	text, err := json.MarshalIndent(l, "", " ")
	if err != nil {
		return nil, err
	}
	return s.seal(s.listing(l.Number), append(text, '\n')), nil
}

var sha256Text = regexp.MustCompile(`^[0-9a-f]{64}$`)

// decode reads listing n. What stands in it was written by entscope, and is still not taken for granted.
func (s *Store) decode(n int, sealed []byte) (*listing, error) {
	text, err := s.unseal(s.listing(n), sealed)
	if err != nil {
		return nil, err
	}
	l := new(listing)
	if err := json.Unmarshal(text, l); err != nil || l.Number != n {
		return nil, fmt.Errorf("%w: listing %d cannot be read", ErrDamaged, n)
	}
	if l.Version != listingVersion {
		return nil, fmt.Errorf("%w: listing %d is of version %d", ErrDamaged, n, l.Version)
	}
	last, manifests := "", 0
	for _, e := range l.Files {
		if e.Path <= last || !zone.IsContent(e.Path) || e.Bytes < 0 || !sha256Text.MatchString(e.SHA256) ||
			e.Listing < 1 || e.Listing > n {
			return nil, fmt.Errorf("%w: listing %d lists what no zone holds", ErrDamaged, n)
		}
		if last = e.Path; zone.IsManifest(e.Path) {
			manifests++
		}
	}
	if manifests != 1 {
		return nil, fmt.Errorf("%w: listing %d has %d manifests", ErrDamaged, n, manifests)
	}
	return l, nil
}
