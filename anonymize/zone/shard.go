package zone

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/ingest/source"
)

// Shard is one of N parts of the deliveries of a study, which as many processes decode at once, I from 1 to N. It
// changes nothing of what the zone holds in the end: what a shard has decoded is known by the content of the delivery
// and by what decides how it is read, and Ingest takes it where it would have decoded it, chunk by chunk.
type Shard struct{ I, N int }

// maxShards bounds N, so that a name has one spelling.
const maxShards = 9999

// ParseShard reads "2/8". Schedulers count from 0 or from 1: 0/8 is 8/8.
func ParseShard(text string) (Shard, error) {
	var s Shard
	n, err := fmt.Sscanf(text, "%d/%d", &s.I, &s.N)
	if err != nil || n != 2 || text != fmt.Sprintf("%d/%d", s.I, s.N) || s.I < 0 || s.N < 1 || s.I > s.N ||
		s.N > maxShards {
		return Shard{}, fmt.Errorf("shard %q is not I/N, I from 1 to N (0 is N), N at most %d", text, maxShards)
	}
	if s.I == 0 {
		s.I = s.N
	}
	return s, nil
}

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.I, s.N) }

// MarshalText gives what ParseShard reads.
func (s Shard) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (s Shard) compare(t Shard) int { return cmp.Or(cmp.Compare(s.N, t.N), cmp.Compare(s.I, t.I)) }

// Dir is its folder in the zone in dir.
func (s Shard) Dir(dir string) string {
	return filepath.Join(dir, shardsDir, fmt.Sprintf("%d-of-%d", s.I, s.N))
}

// shardIn is the shard that a folder of that name is of.
func shardIn(name string) (s Shard, ok bool) {
	_, err := fmt.Sscanf(name, "%d-of-%d", &s.I, &s.N)
	return s, err == nil && s.I > 0 && s.I <= s.N && filepath.Base(s.Dir("")) == name
}

// holds reports whether a delivery is of the shard. Its name decides, so that nobody opens a file of another shard, a
// log that grows stays where it was, and one that arrives moves no other. Which shard has it changes no byte.
func (s Shard) holds(feed, path string) bool {
	if path == source.Stdin {
		return false
	}
	sum := sha256.Sum256([]byte(feed + "\x00" + source.Name(path)))
	return binary.BigEndian.Uint64(sum[:8])%uint64(s.N) == uint64(s.I-1)
}

// shardsDir holds a folder for each shard, and in it two files for each delivery: its rows, chunk by chunk in reading
// order, and the line of the ledger, which is written last and says that both are whole.
const (
	shardsDir    = "shards"
	rowsSuffix   = ".rows"
	ledgerSuffix = ".json"
)

// decodedVersion is that of both files; those of another are not taken.
const decodedVersion = 1

// decoded is a delivery that a shard has decoded: all of it but its number.
type decoded struct {
	Version  int      `json:"version"`
	Delivery Delivery `json:"delivery"`
	// Rejects is its list of rejects.
	Rejects string `json:"rejects"`
	// SHA256 is that of the file of rows.
	SHA256 string `json:"sha256"`

	rows string // path
}

// ShardState is what lies there of a shard.
type ShardState struct {
	Shard      Shard `json:"shard"`
	Deliveries int   `json:"deliveries"`
	Events     int64 `json:"events"`

	decoded []*decoded
}

// Shards says what shards have decoded for the zone in dir and no ingestion has taken yet.
func Shards(dir string) ([]ShardState, error) {
	folders, err := os.ReadDir(filepath.Join(dir, shardsDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("zone: shards: %w", err)
	}
	var states []ShardState
	for _, folder := range folders {
		s, ok := shardIn(folder.Name())
		if !ok {
			continue
		}
		state := ShardState{Shard: s}
		ledger, err := filepath.Glob(filepath.Join(s.Dir(dir), "*"+ledgerSuffix))
		if err != nil {
			return nil, fmt.Errorf("zone: shard %s: %w", s, err)
		}
		for _, path := range ledger {
			data, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("zone: shard %s: %w", s, err)
			}
			d := &decoded{rows: strings.TrimSuffix(path, ledgerSuffix) + rowsSuffix}
			if json.Unmarshal(data, d) != nil || d.Version != decodedVersion {
				continue // as if it had not been decoded
			}
			state.Deliveries++
			state.Events += d.Delivery.Events
			state.decoded = append(state.decoded, d)
		}
		states = append(states, state)
	}
	slices.SortFunc(states, func(a, b ShardState) int { return a.Shard.compare(b.Shard) })
	return states, nil
}

// Missing are the shards of the same number that nobody has run, of each number in states.
func Missing(states []ShardState) (missing []Shard) {
	there := map[Shard]bool{}
	for _, s := range states {
		there[s.Shard] = true
	}
	for _, s := range states {
		for i := range s.Shard.N {
			if t := (Shard{i + 1, s.Shard.N}); !there[t] {
				missing, there[t] = append(missing, t), true
			}
		}
	}
	slices.SortFunc(missing, Shard.compare)
	return missing
}
