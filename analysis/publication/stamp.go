package publication

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
)

// manifestFile is the stamp's name in a publication, and that of an edition's manifest.
const manifestFile = edition.ManifestFile

// stamp is the manifest.json of a publication: what the publication was made from and the
// hash of every file of it.
type stamp struct {
	Software string `json:"software"`
	Period   Period `json:"period"`
	Config   string `json:"config_hash"`
	Legal    string `json:"legal"`              // SHA-256 of the legal record of its audit
	Lang     string `json:"lang"`               // of the pages
	National string `json:"national,omitempty"` // SHA-256 of the national open data beside it
	Plan     string `json:"plan,omitempty"`     // text of the analysis plan
	Issued   string `json:"issued,omitempty"`   // day of issue, as the pages say it
	// Previous are the publications of earlier periods that it shows figures of, the oldest
	// first: the SHA-256 of their manifests.
	Previous []string `json:"previous,omitempty"`
	// Booking is how the register of releases stood before its line.
	Booking edition.Booking `json:"register"`
	// Indicators are the questions that were asked for; none is all.
	Indicators []string          `json:"indicators"`
	Editions   map[string]string `json:"editions"` // folder → SHA-256 of its manifest
	Files      map[string]string `json:"files"`    // name → SHA-256
}

// stamp is what the publication must have been made from to be up to date; it has
// no Files yet.
func (o *Options) stamp() (*stamp, error) {
	s := &stamp{
		Software: o.Software, Config: o.ConfigHash, Legal: o.Legal, Lang: cmp.Or(o.Lang, "fr"),
		National: o.NationalHash, Issued: o.Issued, Booking: o.Booking, Indicators: append([]string{}, o.Indicators...),
		Editions: map[string]string{}, Previous: o.hashes(),
	}
	m, err := edition.ReadDir(o.Research)
	if err != nil {
		return nil, err
	}
	s.Period = periodOf(m)
	if o.Plan != nil {
		text, err := o.Plan.Text()
		if err != nil {
			return nil, err
		}
		s.Plan = string(text)
	}
	for _, dir := range o.editions() {
		data, err := edition.ReadPlain(dir, manifestFile)
		if err != nil {
			return nil, err
		}
		s.Editions[filepath.Base(dir)] = digest(data)
	}
	return s, nil
}

func periodOf(m *edition.Manifest) Period {
	return Period{Study: m.Study, Term: m.Term, Start: m.Start, End: m.End, Subject: m.Subject, Synthetic: m.Synthetic}
}

// made is what the publication was made from.
func (s *stamp) made() Made {
	return Made{slices.Sorted(maps.Keys(s.Editions)), s.Config, s.Software, s.Lang}
}

// readStamp reads the stamp of a publication.
func readStamp(dir string) (*stamp, error) {
	data, err := edition.ReadPlain(dir, manifestFile)
	if err != nil {
		return nil, err
	}
	s := new(stamp)
	return s, json.Unmarshal(data, s)
}

// BookingOf is where the publication in dir says that it stands in the register of releases;
// ok is false when there is none.
func BookingOf(dir string) (b edition.Booking, ok bool) {
	s, err := readStamp(dir)
	if err != nil {
		return b, false
	}
	return s.Booking, true
}

// Is reports, as an error, why dir is no publication that entscope made: it has no
// manifest of one, or holds a file that the manifest does not list.
func Is(dir string) error {
	s, err := readStamp(dir)
	if err != nil || !strings.HasPrefix(s.Software, "entscope ") || s.Files == nil {
		return errors.New("it has no manifest of a publication")
	}
	foreign := 0
	err = eachFile(dir, func(name string) error {
		if _, listed := s.Files[name]; !listed {
			foreign++
		}
		return nil
	})
	if err != nil {
		return err
	}
	if foreign > 0 {
		return fmt.Errorf("it holds %d files that its manifest does not list", foreign)
	}
	return nil
}

// isIn reports whether dir is a publication made from the same, every file intact.
func (s *stamp) isIn(dir string) bool {
	have, err := readStamp(dir)
	if err != nil {
		return false
	}
	if have.Software != s.Software || have.Config != s.Config || have.Legal != s.Legal ||
		have.Lang != s.Lang || have.National != s.National || have.Plan != s.Plan ||
		!slices.Equal(have.Indicators, s.Indicators) || !slices.Equal(have.Previous, s.Previous) ||
		!maps.Equal(have.Editions, s.Editions) {
		return false
	}
	files, err := hashTree(dir)
	return err == nil && maps.Equal(files, have.Files)
}

// write hashes what lies in dir, and writes its manifest last, signed if sign is not nil.
func (s *stamp) write(disk durable.Disk, dir string, sign edition.Sign) (err error) {
	if s.Files, err = hashTree(dir); err != nil {
		return err
	}
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	data = append(data, '\n')
	if sign != nil {
		if err := disk.Fill(filepath.Join(dir, edition.SignatureFile), sign(data), 0o644); err != nil {
			return err
		}
	}
	return disk.Fill(filepath.Join(dir, manifestFile), data, 0o644)
}

// hashTree hashes every file of dir but its own manifest and the signature of that.
func hashTree(dir string) (map[string]string, error) {
	files := map[string]string{}
	err := eachFile(dir, func(name string) error {
		data, err := edition.ReadPlain(dir, filepath.FromSlash(name))
		files[name] = digest(data)
		return err
	})
	return files, err
}

// eachFile hands over the names of the files of dir but its own manifest and the signature of that.
func eachFile(dir string, file func(name string) error) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == manifestFile || name == edition.SignatureFile {
			return err
		}
		return file(filepath.ToSlash(name))
	})
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
