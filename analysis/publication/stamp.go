package publication

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// manifestFile is the stamp's name in a publication, and that of an edition's manifest.
const manifestFile = edition.ManifestFile

// stamp is the manifest.json of a publication: what the publication was made from and the
// hash of every file of it.
type stamp struct {
	Software string `json:"software"`
	Config   string `json:"config_hash"`
	Lang     string `json:"lang"`               // of the pages
	National string `json:"national,omitempty"` // SHA-256 of the national open data beside it
	// Indicators are the questions that were asked for; none is all.
	Indicators []string          `json:"indicators"`
	Editions   map[string]string `json:"editions"` // folder → SHA-256 of its manifest
	Files      map[string]string `json:"files"`    // name → SHA-256
}

// stamp is what the publication must have been made from to be up to date; it has
// no Files yet.
func (o *Options) stamp() (*stamp, error) {
	s := &stamp{
		Software: o.Software, Config: o.ConfigHash, Lang: cmp.Or(o.Lang, "fr"), National: o.NationalHash,
		Indicators: append([]string{}, o.Indicators...), Editions: map[string]string{},
	}
	for _, dir := range o.editions() {
		data, err := os.ReadFile(filepath.Join(dir, manifestFile))
		if err != nil {
			return nil, err
		}
		s.Editions[filepath.Base(dir)] = digest(data)
	}
	return s, nil
}

// isIn reports whether dir is a publication made from the same, every file intact.
func (s *stamp) isIn(dir string) bool {
	data, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return false
	}
	var have stamp
	if json.Unmarshal(data, &have) != nil {
		return false
	}
	if have.Software != s.Software || have.Config != s.Config || have.Lang != s.Lang || have.National != s.National ||
		!slices.Equal(have.Indicators, s.Indicators) ||
		!maps.Equal(have.Editions, s.Editions) {
		return false
	}
	files, err := hashTree(dir)
	return err == nil && maps.Equal(files, have.Files)
}

// write hashes what lies in dir, and writes its manifest last, signed if sign is not nil.
func (s *stamp) write(dir string, sign edition.Sign) (err error) {
	if s.Files, err = hashTree(dir); err != nil {
		return err
	}
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	data = append(data, '\n')
	if sign != nil {
		if err := os.WriteFile(filepath.Join(dir, edition.SignatureFile), sign(data), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, manifestFile), data, 0o644)
}

// hashTree hashes every file of dir but its own manifest and the signature of that.
func hashTree(dir string) (map[string]string, error) {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == manifestFile || name == edition.SignatureFile {
			return err
		}
		data, err := os.ReadFile(path)
		files[filepath.ToSlash(name)] = digest(data)
		return err
	})
	return files, err
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
