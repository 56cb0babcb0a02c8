package lake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/source/s3"
)

var (
	// ErrLost says that another machine has committed first; the next Fetch and Commit take up what is left.
	ErrLost = errors.New("another machine has committed to the store first")
	// ErrDamaged says that the store does not hold what it lists.
	ErrDamaged = errors.New("the store does not hold the zone that it lists")
	// ErrUnfit is a store that cannot hold a zone.
	ErrUnfit = errors.New("the store cannot hold a restricted zone")
	// ErrDestroyed says that the zone of the folder stands on the store no more.
	ErrDestroyed = errors.New("the zone was destroyed on the store, or never stood there")
)

// Options say which store holds the zone of which folder.
type Options struct {
	// Remote is the store, of kind s3.
	Remote source.Remote
	// Dir is the folder of the zone, which the caller has locked and claimed.
	Dir  string
	Disk durable.Disk
	// Key is the study's key by the salt of the zone.
	Key func(salt [32]byte) (*pseudonym.StudyKey, error)
}

// Store is the store of a zone. It is not for concurrent use.
type Store struct {
	o      Options
	server *s3.Server
	pauses []time.Duration // between attempts

	key   *pseudonym.StudyKey
	zone  string // its name on the store
	at    state
	taken []string // objects of shards that this run has fetched
}

// Open reads the store's secret; nothing is sent yet.
func Open(o Options) (*Store, error) {
	if !strings.HasSuffix(o.Remote.Prefix, "/") && o.Remote.Prefix != "" {
		o.Remote.Prefix += "/"
	}
	server, err := s3.Dial(o.Remote)
	if err != nil {
		return nil, err
	}
	pauses := []time.Duration{200 * time.Millisecond, time.Second, 4 * time.Second}
	return &Store{o: o, server: server, pauses: pauses}, nil
}

// Close ends its connections.
func (s *Store) Close() error { return s.server.Close() }

const (
	markName    = "entscope-zone"
	markText    = "A restricted zone of entscope: personal data.\n"
	saltName    = pseudonym.SaltFile
	mostOfAList = 64 << 20 // bytes of a listing, and of a shard's line of the ledger
)

// ours is what the names of a store's objects look like, but for the mark and the salt.
var ours = regexp.MustCompile(`^([0-9a-f]{16})/(?:(listing)-([0-9]{6,9})|(data)/([0-9]{6,9})-[0-9a-f]{64}|` +
	`(shards)/[0-9]{1,4}-of-[0-9]{1,4}/[0-9a-f]{24}\.(?:rows|json))$`)

// name is what the name of an object says.
type name struct {
	zone, kind string // kind is listing, data or shards
	number     int    // of the listing; 0 of shards
}

func parse(object string) (n name, ok bool) {
	m := ours.FindStringSubmatch(object)
	if m == nil {
		return name{}, false
	}
	n = name{zone: m[1], kind: m[2] + m[4] + m[6]}
	n.number, _ = strconv.Atoi(m[3] + m[5])
	return n, true
}

// zoneOf names a zone by its salt, and tells nothing of it.
func zoneOf(salt [32]byte) string {
	sum := sha256.Sum256(append([]byte("entscope zone\n"), salt[:]...))
	return hex.EncodeToString(sum[:8])
}

func (s *Store) listing(n int) string { return fmt.Sprintf("%s/listing-%06d", s.zone, n) }

func (s *Store) object(e entry) string {
	return fmt.Sprintf("%s/data/%06d-%s", s.zone, e.Listing, e.SHA256)
}

// newest is the number of the newest listing, 0 of none.
func (s *Store) newest(there map[string]source.Entry) (n int) {
	for object := range there {
		if p, ok := parse(object); ok && p.zone == s.zone && p.kind == "listing" {
			n = max(n, p.number)
		}
	}
	return n
}

// Fetch makes the folder what the store holds, and the store the zone's if it holds nothing yet.
func (s *Store) Fetch(ctx context.Context) error {
	for range 3 { // a listing may be overtaken, and what it lists be removed, while it is fetched
		there, err := s.list(ctx)
		if err == nil {
			err = s.begin(ctx, there)
		}
		if err == nil {
			err = s.agree(ctx, there)
		}
		if err == nil {
			err = s.follow(ctx, s.newest(there))
		}
		if !errors.Is(err, source.ErrGone) {
			return s.fault("fetch", err)
		}
	}
	return s.fault("fetch", fmt.Errorf("%w: an object is missing", ErrDamaged))
}

// follow brings the folder to listing n.
func (s *Store) follow(ctx context.Context, n int) error {
	at, err := readState(s.o.Dir)
	if err != nil {
		return err
	}
	if at.Zone != s.zone {
		at = state{}
	}
	switch {
	case n < at.Listing:
		return fmt.Errorf("%w: its newest listing is %d, and this folder has seen %d: it was set back", ErrDamaged, n,
			at.Listing)
	case n == 0:
		s.at = state{Zone: s.zone, Whole: true}
		return nil
	case n == at.Listing && at.Whole && usable(s.o.Dir):
		s.at = at
		return nil
	}
	return s.apply(ctx, n, at)
}

// usable reports whether a zone stands in dir.
func usable(dir string) bool {
	paths, err := zone.Contents(dir)
	for _, path := range paths {
		if zone.IsManifest(path) {
			return err == nil
		}
	}
	return false
}

// begin makes the place on the store ours, or finds it to be, and the store to keep the first of two writers.
func (s *Store) begin(ctx context.Context, there map[string]source.Entry) error {
	if err := s.marked(ctx, there); err != nil {
		return err
	}
	versioned := false
	err := s.try(ctx, func() (err error) {
		versioned, err = s.server.Versioned(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("whether the bucket keeps versions: %w", err)
	}
	if versioned {
		return fmt.Errorf("%w: the bucket keeps versions of what is removed; hint: take a bucket without", ErrUnfit)
	}
	for range 2 {
		switch err := s.put(ctx, markName, []byte(markText)); {
		case errors.Is(err, s3.ErrThere):
			return nil
		case errors.Is(err, source.ErrServer):
			return fmt.Errorf("%w: it does not take If-None-Match: %w", ErrUnfit, err)
		case err != nil:
			return err
		}
	}
	return fmt.Errorf("%w: it lets the second of two writers win (If-None-Match)", ErrUnfit)
}

// marked refuses a place on the store where something stands that is not ours.
func (s *Store) marked(ctx context.Context, there map[string]source.Entry) error {
	if _, ok := there[markName]; !ok {
		if len(there) > 0 {
			return fmt.Errorf("below this prefix: %w: objects and no mark", durable.ErrForeign)
		}
		return nil
	}
	mark, err := s.get(ctx, markName, int64(len(markText)))
	if err == nil && string(mark) != markText || errors.Is(err, errLength) {
		return fmt.Errorf("below this prefix: %w: another mark", durable.ErrForeign)
	}
	return err
}

// agree gives the folder and the store the same salt.
func (s *Store) agree(ctx context.Context, there map[string]source.Entry) error {
	salt, err := pseudonym.LoadSalt(s.o.Dir)
	here := err == nil
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if _, ok := there[saltName]; !ok {
		at, err := readState(s.o.Dir)
		if err != nil {
			return err
		}
		if at.Listing > 0 {
			return fmt.Errorf("%w; hint: remove %s", ErrDestroyed, s.o.Dir)
		}
		if !here {
			if salt, err = pseudonym.CreateSalt(s.o.Disk, s.o.Dir); err != nil {
				return err
			}
		}
		if err := s.put(ctx, saltName, []byte(hex.EncodeToString(salt[:])+"\n")); err == nil {
			return s.know(salt)
		} else if !errors.Is(err, s3.ErrThere) {
			return err
		}
	}
	theirs, err := s.salt(ctx)
	if err != nil {
		return err
	}
	if salt != theirs {
		paths, err := zone.Contents(s.o.Dir)
		if err != nil || len(paths) > 0 {
			return fmt.Errorf("%s: %w: another zone than the store's; hint: remove it if it is a cache", s.o.Dir,
				durable.ErrForeign)
		}
		if err := pseudonym.DestroySalt(s.o.Disk, s.o.Dir); err != nil { // of a zone that never began
			return err
		}
		if err := pseudonym.RestoreSalt(s.o.Disk, s.o.Dir, theirs); err != nil {
			return err
		}
	}
	return s.know(theirs)
}

// know takes what follows from the salt.
func (s *Store) know(salt [32]byte) (err error) {
	s.zone = zoneOf(salt)
	s.key, err = s.o.Key(salt)
	return err
}

// salt is that of the store.
func (s *Store) salt(ctx context.Context) (salt [32]byte, err error) {
	text, err := s.get(ctx, saltName, 2*int64(len(salt))+1)
	if err != nil {
		return salt, err
	}
	raw, err := hex.DecodeString(strings.TrimSuffix(string(text), "\n"))
	if err != nil || len(raw) != len(salt) {
		return salt, fmt.Errorf("%w: its salt is none", ErrDamaged)
	}
	return [32]byte(raw), nil
}

func (s *Store) fault(verb string, err error) error {
	if err != nil {
		return fmt.Errorf("lake: %s: %w", verb, err)
	}
	return nil
}

func (s *Store) file(path string) string { return filepath.Join(s.o.Dir, filepath.FromSlash(path)) }
