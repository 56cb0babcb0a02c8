package zone

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
)

// bucketBits is how many top bits of a person key choose the bucket.
const bucketBits = 4

// Buckets is the number of buckets of persons.
const Buckets = 1 << bucketBits

// Zone is the restricted zone of a study: the files that are live, as its
// manifests list them. Data files are immutable; a new manifest, with the next
// number, is renamed into place when all its files are on disk. SQL gets the
// list of files, never a glob: a file no manifest names does not exist.
type Zone struct {
	disk     durable.Disk
	dir      string
	manifest manifest
}

// manifest is events/manifest-NNNNNN.json.
type manifest struct {
	Version int    `json:"version"`
	Number  int    `json:"number"`
	Key     string `json:"key"` // check value of the study key
	Buckets int    `json:"buckets"`
	// NextDelivery is the number the next delivery gets.
	NextDelivery int         `json:"next_delivery"`
	Tables       []TableFile `json:"tables"` // of the directory
	Deliveries   []Delivery  `json:"deliveries"`
	Files        []dataFile  `json:"files"`
	// Aliases are compressed files whose content the zone has from another file.
	Aliases []alias `json:"aliases,omitempty"`
	// Objections identify those whose rows have left the files: see People.Objections.
	Objections string `json:"objections,omitempty"`
}

// Of refuses a zone that was written under another key, which is another study's: the error wraps durable.ErrForeign.
func (z *Zone) Of(key *pseudonym.StudyKey) error {
	if z.manifest.Key != "" && z.manifest.Key != key.ID() {
		return fmt.Errorf("zone: %s was written under another study key: %w", z.dir, durable.ErrForeign)
	}
	return nil
}

// alias says that a file's content was delivered before in other clothes.
type alias struct {
	Feed    int    `json:"feed"`
	SHA256  string `json:"sha256"`
	Bytes   int64  `json:"bytes"`
	Content string `json:"content"`
}

const manifestVersion = 3

// TableFile is one immutable file of a restricted table.
type TableFile struct {
	Table string `json:"table"`
	// Path is relative to the zone.
	Path   string `json:"path"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
}

// dataFile is one Parquet file of events.
type dataFile struct {
	Path   string `json:"path"` // relative to events/
	Month  int32  `json:"month"`
	Bucket int    `json:"bucket"`
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	// First and Last bound the numbers of the deliveries it has rows of.
	First int `json:"first_delivery"`
	Last  int `json:"last_delivery"`
}

const (
	eventsDir      = "events"
	rejectsDir     = "rejects"
	partialDir     = ".partial"
	tableFolder    = "directory"
	manifestPrefix = "manifest-"
	manifestSuffix = ".json"
)

// ErrZone says that the restricted zone does not hold what its manifest says.
var ErrZone = errors.New("restricted zone is damaged")

// Open opens the restricted zone in a folder; a folder without events is an
// empty zone.
func Open(dir string) (*Zone, error) { return OpenOn(durable.Disk{}, dir) }

// OpenOn is Open for a zone that is written on disk.
func OpenOn(disk durable.Disk, dir string) (*Zone, error) {
	z := &Zone{disk: disk, dir: dir}
	entries, err := os.ReadDir(filepath.Join(dir, eventsDir))
	if errors.Is(err, fs.ErrNotExist) {
		z.manifest = manifest{Version: manifestVersion, Buckets: Buckets, NextDelivery: 1}
		return z, nil
	} else if err != nil {
		return nil, fmt.Errorf("zone: open zone: %w", err)
	}
	last := ""
	for _, e := range entries { // in the order of names
		if strings.HasPrefix(e.Name(), manifestPrefix) && strings.HasSuffix(e.Name(), manifestSuffix) {
			last = e.Name()
		}
	}
	z.manifest = manifest{Version: manifestVersion, Buckets: Buckets, NextDelivery: 1}
	if last == "" {
		return z, nil
	}
	data, err := os.ReadFile(filepath.Join(dir, eventsDir, last))
	if err != nil {
		return nil, fmt.Errorf("zone: open zone: %w", err)
	}
	if err := json.Unmarshal(data, &z.manifest); err != nil {
		return nil, fmt.Errorf("zone: %s: %w", last, ErrZone)
	}
	if z.manifest.Version > 0 && z.manifest.Version < manifestVersion {
		return nil, fmt.Errorf("zone: written by an earlier version: %w; hint: remove %s and ingest again",
			ErrZone, eventsDir)
	}
	if z.manifest.Version != manifestVersion || z.manifest.Buckets != Buckets {
		return nil, fmt.Errorf("zone: %s: version %d, %d buckets: %w",
			last, z.manifest.Version, z.manifest.Buckets, ErrZone)
	}
	for _, f := range z.manifest.Tables {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(f.Path))); err != nil {
			return nil, fmt.Errorf("zone: %s: %w", f.Path, ErrZone)
		}
	}
	for _, f := range z.files(nil) {
		info, err := os.Stat(f.abs)
		if err != nil || info.Size() != f.Bytes {
			return nil, fmt.Errorf("zone: %s: %w", f.Path, ErrZone)
		}
	}
	return z, nil
}

type liveFile struct {
	dataFile
	abs string
}

func (z *Zone) files(keep func(dataFile) bool) []liveFile {
	var files []liveFile
	for _, f := range z.manifest.Files {
		if keep == nil || keep(f) {
			files = append(files, liveFile{f, filepath.Join(z.dir, eventsDir, filepath.FromSlash(f.Path))})
		}
	}
	slices.SortFunc(files, func(a, b liveFile) int { return strings.Compare(a.Path, b.Path) })
	return files
}

func absolute(files []liveFile) []string {
	list := make([]string, len(files))
	for i, f := range files {
		list[i] = f.abs
	}
	return list
}

// Files lists the live files of a table: "events", or one that WritePeople
// writes ("people", "memberships", …). It is empty when the zone has none.
func (z *Zone) Files(table string) []string {
	if table == eventsDir {
		return absolute(z.files(nil))
	}
	var files []string
	for _, f := range z.manifest.Tables {
		if f.Table == table {
			files = append(files, filepath.Join(z.dir, filepath.FromSlash(f.Path)))
		}
	}
	return files
}

// Rows is the number of rows of a table of the directory, 0 of one that the zone has not.
func (z *Zone) Rows(table string) (n int64) {
	for _, f := range z.manifest.Tables {
		if f.Table == table {
			n += f.Rows
		}
	}
	return n
}

// EventFiles lists the live event files of a bucket, ordered by month and name.
func (z *Zone) EventFiles(bucket int) []string {
	return absolute(z.files(func(f dataFile) bool { return f.Bucket == bucket }))
}

// MonthFiles lists the live event files of a bucket and a month (YYYYMM).
func (z *Zone) MonthFiles(month int32, bucket int) []string {
	return absolute(z.files(func(f dataFile) bool { return f.Bucket == bucket && f.Month == month }))
}

// Months lists the months that have events, in order.
func (z *Zone) Months() []int32 {
	var months []int32
	for _, f := range z.files(nil) {
		months = append(months, f.Month)
	}
	slices.Sort(months)
	return slices.Compact(months)
}

// Buckets is the number of buckets.
func (z *Zone) Buckets() int { return z.manifest.Buckets }

// Dir is the folder of the zone.
func (z *Zone) Dir() string { return z.dir }

// Events is the number of live event rows.
func (z *Zone) Events() (n int64) {
	for _, f := range z.files(nil) {
		n += f.Rows
	}
	return n
}

// Deliveries is the ledger: every live delivery in the order of its number.
func (z *Zone) Deliveries() []Delivery {
	all := slices.Clone(z.manifest.Deliveries)
	slices.SortFunc(all, func(a, b Delivery) int { return a.Number - b.Number })
	return all
}

// Hash identifies what is live: the deliveries (feed, content, settings, which
// include the directory) and the directory's tables, whatever the order and the grouping in which they
// came. A month ingested day by day has the hash of the month ingested at once.
func (z *Zone) Hash() string {
	var lines []string
	for _, d := range z.Deliveries() {
		lines = append(lines, fmt.Sprintf("%d %s %s\n", d.Feed, d.content().sha256, d.Settings))
	}
	for _, f := range z.manifest.Tables {
		lines = append(lines, fmt.Sprintf("%s %s\n", f.Table, f.SHA256))
	}
	slices.Sort(lines)
	sum := sha256.New()
	fmt.Fprintf(sum, "zone v1 %s\n", z.manifest.Key)
	for _, line := range lines {
		sum.Write([]byte(line))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// commit makes m the live manifest: data files and folders are on disk before
// it appears under its name, older manifests go afterwards.
func (z *Zone) commit(m manifest) error {
	m.Number++
	data, err := json.MarshalIndent(&m, "", " ")
	if err != nil {
		return fmt.Errorf("zone: manifest: %w", err)
	}
	dir := filepath.Join(z.dir, eventsDir)
	name := fmt.Sprintf("%s%06d%s", manifestPrefix, m.Number, manifestSuffix)
	if err := z.disk.WriteFile(filepath.Join(dir, name), append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("zone: manifest: %w", err)
	}
	z.manifest = m
	return z.sweep(nil)
}

// sweep removes what no longer counts: older manifests, the partial folder, and
// data, table and reject files that the live manifest does not name. Tables
// that are staged for the next manifest stay.
func (z *Zone) sweep(staged []TableFile) error {
	dir := filepath.Join(z.dir, eventsDir)
	live := make(map[string]bool)
	for _, f := range z.files(nil) {
		live[eventsDir+"/"+f.Path] = true
	}
	for _, f := range slices.Concat(z.manifest.Tables, staged) {
		live[f.Path] = true
	}
	rejects := make(map[string]bool)
	for _, d := range z.Deliveries() {
		rejects[rejectName(d)] = true
	}
	current := fmt.Sprintf("%s%06d%s", manifestPrefix, z.manifest.Number, manifestSuffix)
	var changed []string // folders that lose a name, which a power cut must not bring back
	err := fs.WalkDir(os.DirFS(z.dir), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil && errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case e.IsDir():
			if name == "." || name == eventsDir || name == rejectsDir || name == tableFolder ||
				strings.HasPrefix(name, eventsDir+"/") && e.Name() != partialDir {
				return nil
			}
			return fs.SkipDir
		}
		folder, base := path.Split(name)
		dead := false
		switch {
		case folder == eventsDir+"/":
			dead = strings.HasPrefix(base, manifestPrefix) && base != current
		case strings.HasPrefix(folder, eventsDir+"/"), folder == tableFolder+"/":
			dead = !live[name]
		case folder == rejectsDir+"/":
			dead = !rejects[base]
		}
		if dead {
			if n := len(changed); n == 0 || changed[n-1] != folder {
				changed = append(changed, folder)
			}
			return z.disk.Remove(filepath.Join(z.dir, filepath.FromSlash(name)))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("zone: sweep: %w", err)
	}
	slices.Sort(changed)
	for _, folder := range slices.Compact(changed) {
		if err := z.disk.Sync(filepath.Join(z.dir, filepath.FromSlash(folder))); err != nil {
			return fmt.Errorf("zone: sweep: %w", err)
		}
	}
	if err := z.disk.RemoveAll(filepath.Join(dir, partialDir)); err != nil {
		return fmt.Errorf("zone: sweep: %w", err)
	}
	return nil
}

func rejectName(d Delivery) string { return fmt.Sprintf("%02d-%s.tsv", d.Feed, d.SHA256[:16]) }
