package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/entscope/entscope/anonymize"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// kinds are the two editions of a study.
var kinds = []string{"research", "schools"}

// anonymize makes what is missing of the two editions.
func (b *Batch) anonymize(ctx context.Context) (outcome, error) {
	o, err := b.editionOptions()
	if err != nil {
		return outcome{}, err
	}
	out := outcome{counts: map[string]int64{}}
	for i, kind := range kinds {
		current, term, err := b.currentEdition(kind, o.InputHash())
		if err != nil {
			return out, err
		}
		if !current.fresh {
			if err := b.makeEdition(ctx, kind, term, current.dir, o, float64(i)); err != nil {
				return out, err
			}
			out.changed = true
			if current, _, err = b.currentEdition(kind, o.InputHash()); err != nil {
				return out, err
			}
		}
		out.outputs = append(out.outputs, current.dir)
		m, err := readManifest(current.dir)
		if err != nil {
			return out, err
		}
		out.counts["persons"] = m.Population.Persons
		if m.Population.Persons == 0 && kind == "research" {
			out.warnings = append(out.warnings, "no person of the directory is studied in a covered school: every figure about persons is not measurable; hint: entscope check")
		}
		if m.Anonymity != nil {
			out.counts["suppressed"] = m.Anonymity.SuppressedPersons
			out.counts["k"] = m.Anonymity.AchievedK
		}
	}
	b.Progress("anonymize", 1001, 1001)
	return out, nil
}

func (b *Batch) makeEdition(ctx context.Context, kind, term, supersedes string, o anonymize.Options, part float64) error {
	config, clean, err := b.engineConfig()
	if err != nil {
		return err
	}
	defer clean()
	o.Engine, o.Study.Term = config, term
	if supersedes != "" {
		o.Study.Supersedes = filepath.Base(supersedes)
	}
	if err := os.MkdirAll(o.Out, 0o700); err != nil {
		return fmt.Errorf("editions: %w", err)
	}
	o.Progress = func(done, total int) {
		if total > 0 {
			b.Progress("anonymize", int64(500*(part+float64(done)/float64(total))), 1001)
		}
	}
	if kind == "research" {
		_, err = anonymize.Research(ctx, o)
	} else {
		_, err = anonymize.Schools(ctx, o)
	}
	if errors.Is(err, kanon.ErrUnsatisfiable) {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return err
}

// editionOptions are what both editions are made from. Term and Engine are
// filled in for each.
func (b *Batch) editionOptions() (anonymize.Options, error) {
	s := b.Study
	zone, err := b.zone()
	if err != nil {
		return anonymize.Options{}, err
	}
	key, err := b.studyKey()
	if err != nil {
		return anonymize.Options{}, err
	}
	research, schools, err := b.policies()
	if err != nil {
		return anonymize.Options{}, err
	}
	feeds := make([]string, len(s.Sources))
	for i, src := range s.Sources {
		feeds[i] = src.Name
	}
	return anonymize.Options{
		Zone: zone,
		Study: anonymize.Study{
			Name: s.About.Name, SchoolYear: s.About.SchoolYear, Start: s.About.Start.AsTime(time.UTC), End: s.About.End.AsTime(time.UTC),
			Subject: s.About.Subject, Synthetic: s.About.Synthetic, Feeds: feeds, Declared: declared(s),
		},
		Research: research, Schools: schools,
		Files: func(name string) ([]byte, error) {
			return os.ReadFile(filepath.Join(filepath.Dir(s.Path(s.Policies.Research)), filepath.FromSlash(name)))
		},
		Key: key, Out: s.Path(s.Output.Editions), Software: b.Software, ConfigHash: s.Hash,
	}, nil
}

// declared are the events and deadlines of a study, as an edition names them.
func declared(s *study.Study) []edition.Declared {
	var list []edition.Declared
	for _, e := range s.Events {
		d := edition.Declared{Kind: edition.DeclaredEvent, Name: e.Name, Label: e.Label, Start: e.Start.String()}
		if !e.Lasts() {
			d.End = e.End.String()
		}
		list = append(list, d)
	}
	for _, l := range s.Deadlines {
		list = append(list, edition.Declared{
			Kind: edition.DeclaredDeadline, Name: l.Name, Label: l.Label, Start: l.Day.String(), Levels: l.Levels, Grades: l.Grades,
		})
	}
	return list
}

func (b *Batch) policies() (*policy.Policy, *policy.Cells, error) {
	text, err := os.ReadFile(b.Study.Path(b.Study.Policies.Research))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	research, err := policy.Parse(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: policies.research: %w", ErrConfig, err)
	}
	if err := anonymize.CheckPolicy(research); err != nil {
		return nil, nil, fmt.Errorf("%w: policies.research: %w", ErrConfig, err)
	}
	if text, err = os.ReadFile(b.Study.Path(b.Study.Policies.Schools)); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	schools, err := policy.ParseCells(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: policies.schools: %w", ErrConfig, err)
	}
	return research, schools, nil
}

// existing is the newest edition of a kind; dir is "" when there is none.
type existing struct {
	dir   string
	fresh bool // made from this input and this configuration
}

// currentEdition finds the newest revision of an edition and the term the next
// one would have: editions are immutable, so a correction is a new folder
// "research-2025-T1.2" that says what it supersedes.
func (b *Batch) currentEdition(kind, inputHash string) (existing, string, error) {
	var newest existing
	for revision := 1; ; revision++ {
		term := b.Study.About.Term
		if revision > 1 {
			term = fmt.Sprintf("%s.%d", term, revision)
		}
		dir := filepath.Join(b.Study.Path(b.Study.Output.Editions), kind+"-"+term)
		m, err := readManifest(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return newest, term, nil
		}
		if err != nil {
			return existing{}, "", err
		}
		newest = existing{dir: dir, fresh: m.InputHash == inputHash && m.ConfigHash == b.Study.Hash && m.Software == b.Software}
	}
}

func readManifest(dir string) (*edition.Manifest, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return edition.Read(root)
}

// CheckPolicies reads the three policies of a study.
func CheckPolicies(s *study.Study) error {
	b := Batch{Study: s}
	_, _, err := b.policies()
	_, publication := b.publicationPolicy()
	return errors.Join(err, publication)
}
