package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// Tables protects what a researcher asks for, books it in the register of releases and
// writes it to the folder dir, whole; dry writes and books nothing. The error wraps
// ErrRefused where the tables do not leave.
func (b *Batch) Tables(ctx context.Context, q publication.Request, dir string, dry bool) (*publication.Tables, error) {
	b.Progress = func(string, int64, int64) {}
	unlock, err := Lock(b.Disk, b.Study)
	if err != nil {
		return nil, err
	}
	defer unlock()
	releases, err := b.releases()
	if err != nil {
		return nil, err
	}
	editions, err := b.newestEditions()
	if err != nil {
		return nil, err
	}
	own, err := publication.NewRequest(editions[0])
	if err != nil {
		return nil, err
	}
	q.Input = own.Input
	t, err := b.protectTables(ctx, q, own, editions, releases)
	if errors.Is(err, publication.ErrNoTables) {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if err != nil || dry {
		return t, err
	}
	candidate, err := b.asked(q, t.Record)
	if err != nil {
		return nil, err
	}
	beside, err := b.published(editions)
	if err != nil {
		return nil, err
	}
	candidate.Of = beside.Of
	if err := alone(releases, beside); err != nil {
		return nil, err
	}
	if releases.Named(candidate.Name, candidate.Made) {
		return nil, fmt.Errorf("%w: tables of the name %s have left, made of something else; hint: give the request "+
			"another name", study.ErrConfig, q.Name)
	}
	sign, err := signer(b.Study)
	if err != nil {
		return nil, err
	}
	t.Booking = releases.Before(candidate)
	files, err := t.Files(sign)
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(dir); err == nil {
		return nil, fmt.Errorf("%w: %s is there; hint: remove it, or name another folder", study.ErrConfig, dir)
	}
	if _, err := releases.Book(candidate, release.Verdict{}); err != nil { // before it is there
		return nil, err
	}
	if err := b.witness(); err != nil {
		return nil, err
	}
	if err := b.Disk.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, err
	}
	return t, b.Disk.WriteFolder(dir, files, 0o755)
}

// Released is where the tables of a study's requests lie, each in a folder, unless the command line says otherwise.
func Released(s *study.Study) string {
	return filepath.Join(filepath.Dir(s.Path(s.Output.Published)), "released")
}

// tablesThere are tables that lie in a folder.
type tablesThere struct {
	dir, name string // name is the register's
	booking   edition.Booking
}

// releasedTables are the tables of a study that are there. Another study may have its own in the same folder.
func releasedTables(s *study.Study) (out []tablesThere, err error) {
	folder := Released(s)
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		dir := filepath.Join(folder, e.Name())
		r, err := publication.ReadRecord(dir)
		if err != nil || r.Study != s.About.Name {
			continue
		}
		if b, ok := publication.BookingOf(dir); ok {
			out = append(out, tablesThere{dir, tables + r.Request.Name, b})
		}
	}
	return out, err
}

func (b *Batch) protectTables(
	ctx context.Context, q, own publication.Request, editions []string, releases *release.Register,
) (*publication.Tables, error) {
	if q.Edition != own.Edition || q.Manifest != own.Manifest {
		return nil, fmt.Errorf("%w: the request is of %s and that is not the newest edition of the study, %s, as it "+
			"stands; ways on: ask again of that one", publication.ErrNoTables, q.Edition, own.Edition)
	}
	if err := releases.Holds([]string{own.Edition}); err != nil {
		return nil, fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	earlier, err := tablesOf(releases, own)
	if err != nil {
		return nil, err
	}
	asked, err := q.Asked()
	if err != nil {
		return nil, err
	}
	// What left once leaves again as it was: beside what had left before it.
	for i, r := range earlier {
		if was, err := r.Asked(); err == nil && was == asked {
			earlier = earlier[:i]
			break
		}
	}
	rules, err := b.Study.Rules()
	if err != nil {
		return nil, err
	}
	config, clean, err := b.engineConfig()
	if err != nil {
		return nil, err
	}
	defer clean()
	options, err := b.publicationOptions(ctx, editions, rules, config)
	if err != nil {
		return nil, err
	}
	return options.Protect(ctx, q, earlier)
}

// tablesOf are the tables that have left of editions that are made of what the edition of a
// request is made of: their cells are the same, whatever the rules of each.
func tablesOf(releases *release.Register, own publication.Request) (out []publication.Request, err error) {
	for _, text := range releases.Tables() {
		q, err := publication.ParseAsked(text)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", release.ErrDamaged, err)
		}
		if q.Input == own.Input {
			out = append(out, q)
		}
	}
	return out, nil
}

// TablesBefore are the requests that had left of the same data before that of a record, as the
// lines of a register name them; without a register none may have.
func TablesBefore(register []byte, r publication.Record, research string) ([]publication.Request, error) {
	if r.Earlier == 0 {
		return nil, nil
	}
	own, err := publication.NewRequest(research)
	if err != nil {
		return nil, err
	}
	asked, err := r.Request.Asked()
	if err != nil {
		return nil, err
	}
	var out []publication.Request
	for line := range bytes.Lines(register) {
		var e release.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("register: %w", release.ErrDamaged)
		}
		if e.Kind != release.KindTables || len(out) == r.Earlier {
			continue
		}
		q, err := publication.ParseAsked(e.Asked)
		if err != nil {
			return nil, fmt.Errorf("register: %w", release.ErrDamaged)
		}
		if q.Input == own.Input && e.Asked != asked {
			out = append(out, q)
		}
	}
	if len(out) != r.Earlier {
		return nil, fmt.Errorf("register: it names %d tables before these, their record %d", len(out), r.Earlier)
	}
	return out, nil
}

// tables begins the name of the tables of a request in the register.
const tables = "tables-"

// asked is a request as the register books it.
func (b *Batch) asked(q publication.Request, r publication.Record) (release.Candidate, error) {
	asked, err := q.Asked()
	if err != nil {
		return release.Candidate{}, err
	}
	sum := sha256.Sum256([]byte(asked + "\n" + r.Rules + "\n" + r.Publication + "\n" + b.Software))
	about := b.Study.About
	return release.Candidate{Kind: release.KindTables, Name: tables + q.Name, Study: about.Name, Asked: asked,
		Folder: laid(b.Study, release.KindTables), Made: hex.EncodeToString(sum[:]),
		Start: about.Start.String(), End: about.End.String()}, nil
}

// sameFigures reports whether two publications hold the same figures.
func sameFigures(a, b string) bool {
	one, err := os.ReadFile(filepath.Join(a, publication.ResultsFile))
	if err != nil {
		return false
	}
	other, err := os.ReadFile(filepath.Join(b, publication.ResultsFile))
	return err == nil && bytes.Equal(one, other)
}

// besideTables refuses a publication that is not the one that tables of its days and schools
// left beside: what it hides now could follow from them.
func besideTables(releases *release.Register, c release.Candidate) error {
	if releases.Booked(c) {
		return nil
	}
	tables, err := releases.TablesBeside(c)
	if err != nil {
		return err
	}
	if len(tables) > 0 {
		return fmt.Errorf("%w: %d tables have left of the days and schools of %s beside a publication as it was, and "+
			"another one is not protected beside them; ways on: put the configuration back, or begin another period",
			ErrRefused, len(tables), c.Name)
	}
	return nil
}

// alone refuses tables beside the publication c where another publication of the same days and
// schools decided otherwise: tables are protected beside one.
func alone(releases *release.Register, c release.Candidate) error {
	unbooked := c
	unbooked.Made = ""
	all, err := releases.Publications(unbooked)
	if err != nil {
		return err
	}
	own := slices.IndexFunc(all, func(p release.Published) bool { return p.Name == c.Name && p.Made == c.Made })
	if own < 0 {
		return fmt.Errorf("%w: the publication of these editions is not in the register of releases; ways on: "+
			"entscope run, then ask again", ErrRefused)
	}
	for _, p := range all {
		if !bytes.Equal(p.Cells, all[own].Cells) {
			return fmt.Errorf("%w: %s, of the same days and schools, has left with other figures, and tables are "+
				"protected beside one publication; ways on: ask for tables of the next period, or take every copy of "+
				"that publication back and say so (entscope releases recall)", ErrRefused, p.Name)
		}
	}
	return nil
}
