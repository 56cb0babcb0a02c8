package combine

import (
	"cmp"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
)

// Part is one edition that is to be combined, its hashes verified.
type Part struct {
	Dir      string
	Manifest *edition.Manifest
	// Hash is the SHA-256 of the manifest.
	Hash string
	// Signer is the public key under which the manifest is signed; nil where no key that was
	// given is.
	Signer ed25519.PublicKey
	// Places are the académies that its cells name; Schools the codes of its schools edition, nil
	// where that was not given.
	Places, Schools []string
	// SchoolsDir is the folder of the schools edition, SchoolsHash the SHA-256 of its manifest; empty where it was not
	// given.
	SchoolsDir, SchoolsHash string
	// Left is what the controller published of both editions; nil where that was not given.
	Left *publication.Left
}

// Read opens the edition in the folder dir, verifies every hash of its manifest, and finds which
// of the keys signed it.
func Read(dir string, keys []ed25519.PublicKey) (*Part, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("combine: %w", err)
	}
	defer root.Close()
	m, err := edition.Read(root)
	if err != nil {
		return nil, fmt.Errorf("combine: %s: %w", dir, err)
	}
	if err := m.Verify(root); err != nil {
		return nil, fmt.Errorf("combine: %s: %w", dir, err)
	}
	text, err := edition.ReadPlain(dir, edition.ManifestFile)
	if err != nil {
		return nil, fmt.Errorf("combine: %s: %w", dir, err)
	}
	signature, err := edition.ReadPlain(dir, edition.SignatureFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("combine: %s: %w", dir, err)
	}
	sum := sha256.Sum256(text)
	p := &Part{Dir: dir, Manifest: m, Hash: hex.EncodeToString(sum[:])}
	for _, key := range keys {
		if len(signature) == ed25519.SignatureSize && ed25519.Verify(key, text, signature) {
			p.Signer = key
		}
	}
	if m.Kind == edition.KindResearch {
		err = p.readPlaces(root)
	} else {
		err = p.readSchools(root)
	}
	if err != nil {
		return nil, fmt.Errorf("combine: %s: %w", dir, err)
	}
	return p, nil
}

func (p *Part) readPlaces(root *os.Root) error {
	for row, err := range edition.Rows[edition.SumRow](root, edition.TableSums) {
		if err != nil {
			return err
		}
		if row.Grouping == "territory" && !slices.Contains(p.Places, row.Group) {
			p.Places = append(p.Places, row.Group)
		}
	}
	return nil
}

func (p *Part) readSchools(root *os.Root) error {
	p.Schools = []string{}
	for row, err := range edition.Rows[edition.SchoolRow](root, edition.TableSchoolMeasures) {
		if err != nil {
			return err
		}
		if n := len(p.Schools); n == 0 || p.Schools[n-1] != row.UAI {
			p.Schools = append(p.Schools, row.UAI)
		}
	}
	return nil
}

// Beside gives research editions the schools of the schools editions of the same run. A schools
// edition of none of them is an error.
func Beside(parts, schools []*Part) error {
	for _, s := range schools {
		i := slices.IndexFunc(parts, func(p *Part) bool {
			return p.Manifest.KeyID == s.Manifest.KeyID && p.Manifest.InputHash == s.Manifest.InputHash &&
				p.Manifest.Term == s.Manifest.Term
		})
		if s.Manifest.Kind != edition.KindSchools || i < 0 {
			return fmt.Errorf("%w: %s is no schools edition of the same run as one of the research editions", ErrUnlike,
				s.Dir)
		}
		parts[i].Schools, parts[i].SchoolsDir, parts[i].SchoolsHash = s.Schools, s.Dir, s.Hash
	}
	return nil
}

// Lay gives research editions what their controllers published of them, from the folders dirs: by the rules of the
// policy, of the editions that are given, and signed by who signed these where that was looked at.
func Lay(parts []*Part, dirs []string, policy disclosure.Policy) error {
	var faults []error
	refuse := func(of error, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%w: "+format, append([]any{of}, args...)...))
	}
	for _, dir := range dirs {
		left, err := publication.ReadLeft(dir)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		i := slices.IndexFunc(parts, func(p *Part) bool { return slices.Contains(left.Of, p.Hash) })
		switch {
		case i < 0 || parts[i].SchoolsDir == "" || !slices.Contains(left.Of, parts[i].SchoolsHash):
			refuse(ErrUnlike, "%s is no publication of one of the research editions and of its schools edition (--schools)",
				dir)
		case left.Policy != policy:
			refuse(ErrUnlike, "%s was published under other rules than those of the policy", dir)
		case parts[i].Signer != nil && !left.SignedBy(parts[i].Signer):
			refuse(ErrUnsigned, "%s is not signed as its editions are", dir)
		default:
			left.Research, left.Schools = parts[i].Dir, parts[i].SchoolsDir
			parts[i].Left = left
		}
	}
	for _, p := range parts {
		if p.Left == nil && len(faults) == 0 {
			refuse(ErrUnlike, "what was published of %s is not given (--published)", p.Dir)
		}
	}
	return errors.Join(faults...)
}

// questions are those that all parts published, or could; nil is all of the catalogue.
func questions(parts []*Part) (ids []string, err error) {
	for _, p := range parts {
		switch {
		case p.Left == nil || len(p.Left.Indicators) == 0:
		case ids == nil:
			ids = slices.Clone(p.Left.Indicators)
		default:
			ids = inBoth(ids, p.Left.Indicators)
		}
	}
	if ids != nil && len(ids) == 0 {
		err = fmt.Errorf("%w: no question was published of all", ErrUnlike)
	}
	return ids, err
}

// names are what the parts are called: the study, with the check value of its key where two
// studies have one name.
func names(parts []*Part) []string {
	count := map[string]int{}
	for _, p := range parts {
		count[p.Manifest.Study]++
	}
	out := make([]string, len(parts))
	for i, p := range parts {
		if out[i] = p.Manifest.Study; count[out[i]] > 1 {
			out[i] += " " + p.Manifest.KeyID[:min(8, len(p.Manifest.KeyID))]
		}
	}
	return out
}

// inOrder puts parts in the order of a combination, whatever the order they were given in.
func inOrder(parts []*Part) []*Part {
	return slices.SortedFunc(slices.Values(parts), func(a, b *Part) int {
		return cmp.Or(cmp.Compare(a.Manifest.Study, b.Manifest.Study), cmp.Compare(a.Hash, b.Hash))
	})
}
