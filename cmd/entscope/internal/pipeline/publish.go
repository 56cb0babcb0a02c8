package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// publish reads nothing upstream of an edition, and books what it publishes.
func (b *Batch) publish(ctx context.Context) (outcome, error) {
	s := b.Study
	editions, err := b.newestEditions()
	if err != nil {
		return outcome{}, err
	}
	rules, err := s.Rules()
	if err != nil {
		return outcome{}, err
	}
	config, clean, err := b.engineConfig()
	if err != nil {
		return outcome{}, err
	}
	defer clean()
	releases, err := b.releases()
	if err != nil {
		return outcome{}, err
	}
	dir := s.Path(s.Output.Published)
	out := outcome{counts: map[string]int64{}}
	out.outputs = append(out.outputs, filepath.Join(dir, "index.html"),
		filepath.Join(internalAudit(s), "internal.html"))
	options, err := b.publicationOptions(ctx, editions, rules, config)
	if err != nil {
		return out, err
	}
	ledger := audit.Ledger(s.Legal)
	candidate, err := b.published(editions)
	if err != nil {
		return out, err
	}
	earlier, err := earlierPublications(releases, candidate, rules.Publication)
	if err != nil {
		return out, err
	}
	options.Booking, options.Beside = releases.Before(candidate), earlier.beside
	taken, err := b.rehearse(ctx, &options)
	if err != nil {
		return out, err
	}
	again := options
	again.Progress = nil
	options.Audit = func(ctx context.Context, editions []string, published string, decided indicator.Standing) error {
		findings, err := audit.Folders(ctx, audit.Inputs{
			Editions: editions, Published: published, Staged: true, Ledger: ledger, Recipes: Recipes(),
			Again: func(ctx context.Context, _, dir string) error { return again.Again(ctx, dir) },
		}, config)
		if err != nil {
			return err
		}
		if !sameFigures(published, dir) {
			if err := besideTables(releases, candidate); err != nil {
				return err
			}
		}
		if err := earlier.allow(); err != nil {
			return err
		}
		if err := b.writeFindings(filepath.Join(published, "audit"), findings); err != nil {
			return err
		}
		if candidate.Cells, err = cellsOf(rules.Publication, decided); err != nil {
			return err
		}
		_, err = releases.Book(candidate, release.Verdict{})
		return err
	}
	made, err := publication.Make(ctx, options)
	for more := takeBack(&options.Beside, err); more > 0; more = takeBack(&options.Beside, err) {
		taken += more
		again.Beside = options.Beside
		made, err = publication.Make(ctx, options)
	}
	if err != nil {
		return out, earlier.refuse(err)
	}
	out.changed = made.Changed
	if made.Changed {
		out.counts = made.Statuses
		out.counts["schools"] = int64(made.Schools)
	}
	if taken > 0 {
		out.counts["taken back"] = taken
	}
	return out, nil
}

// takeBack hides more of the measures of which the audit of a publication finds a figure that must stay hidden, and
// says of how many: of none where it was refused for something else, or all of them is hidden already.
func takeBack(beside *indicator.Earlier, refusal error) (measures int64) {
	var follows *figuresFollow
	if !errors.As(refusal, &follows) {
		return 0
	}
	for _, f := range follows.found {
		if beside.TakeBack(f.Indicator, f.Measure, f.Population) {
			measures++
		}
	}
	return measures
}

// publicationOptions are those of a publication of two editions, as the study asks for it.
func (b *Batch) publicationOptions(
	ctx context.Context, editions []string, rules study.Rules, config engine.Config,
) (publication.Options, error) {
	options, err := b.askedPublication(ctx, editions, rules)
	if err != nil {
		return options, err
	}
	options.Engine = config
	if options.Sign, err = signer(b.Study); err != nil {
		return options, err
	}
	return options, b.haveLeft(options.Earlier)
}

// askedPublication is what the study asks of a publication of two editions.
func (b *Batch) askedPublication(
	ctx context.Context, editions []string, rules study.Rules,
) (publication.Options, error) {
	s := b.Study
	marks, hash, err := b.nationalMarks(ctx)
	if err != nil {
		return publication.Options{}, err
	}
	planned, _, err := s.Planned()
	if err != nil {
		return publication.Options{}, err
	}
	ledger := audit.Ledger(s.Legal)
	options := publication.Options{
		Plan:  planned,
		Legal: ledger.Hash(), Sender: report.SenderOf(ledger.Controller), Issued: s.Issued(),
		National: marks, NationalHash: hash,
		Research: editions[0], Schools: editions[1], Dir: s.Path(s.Output.Published), Disk: b.Disk,
		Policy:     rules.Publication,
		Indicators: s.Indicators.Compute, Lang: b.Lang, Software: b.Software, ConfigHash: s.Hash,
		Progress: b.stageProgress("report"),
	}
	var dirs []string
	for _, dir := range s.Reference.Previous {
		dirs = append(dirs, s.Path(dir))
	}
	if len(dirs) == 0 {
		return options, nil
	}
	if err := options.Remember(dirs); err != nil {
		return options, fmt.Errorf("%w: reference.previous: %w", study.ErrInput, err)
	}
	return options, nil
}

// haveLeft holds the publications of earlier periods that the study names to the register of releases: what has left
// already may stand beside what leaves now.
func (b *Batch) haveLeft(publications []publication.Earlier) error {
	if len(publications) == 0 {
		return nil
	}
	releases, err := b.releases()
	if err != nil {
		return err
	}
	for _, e := range publications {
		term, _, _ := strings.Cut(e.Period.Term, ".") // of an edition that was made again
		was := release.Candidate{Kind: release.KindPublication, Name: published + term, Made: madeOf(e.Made)}
		if !releases.Booked(was) {
			return fmt.Errorf("%w: reference.previous: the publication of %s is not in the register of releases; "+
				"hint: name one that this study made under the same master key, and did not withdraw", study.ErrInput,
				e.Period.Term)
		}
	}
	return nil
}

// published is a publication as the register books it: by the editions it is made of.
func (b *Batch) published(editions []string) (release.Candidate, error) {
	s := b.Study
	var of []int
	made := publication.Made{Config: s.Hash, Software: b.Software, Lang: cmp.Or(b.Lang, "fr")}
	for _, dir := range editions {
		made.Editions = append(made.Editions, filepath.Base(dir))
		m, err := edition.ReadDir(dir)
		if err != nil {
			return release.Candidate{}, err
		}
		of = append(of, m.Booking.Lines+1) // it has the next line
	}
	return release.Candidate{
		Kind: release.KindPublication, Name: publishedName(s), Study: s.About.Name, Of: of,
		Folder: laid(s, release.KindPublication),
		Made:   madeOf(made), Start: s.About.Start.String(), End: s.About.End.String(),
	}, nil
}

// madeOf is what a publication is made of, as the register knows it.
func madeOf(m publication.Made) string {
	h := sha256.New()
	for _, name := range m.Editions {
		fmt.Fprintf(h, "%s\n", name)
	}
	fmt.Fprintf(h, "%s\n%s\n%s\n", m.Config, m.Software, m.Lang)
	return hex.EncodeToString(h.Sum(nil))
}

// publishedName is the publication's in the register.
func publishedName(s *study.Study) string { return published + s.About.Term }

// published begins the name of each publication in the register.
const published = "published-"

func (b *Batch) newestEditions() ([]string, error) {
	var dirs []string
	for _, kind := range []string{edition.KindResearch, edition.KindSchools} {
		newest, err := edition.Newest(b.Study.Path(b.Study.Output.Editions), kind, b.Study.About.Term)
		if err != nil {
			return nil, err
		}
		if newest.Dir == "" {
			return nil, fmt.Errorf("%w: there is no %s edition; hint: entscope anonymize", study.ErrInput, kind)
		}
		dirs = append(dirs, newest.Dir)
	}
	return dirs, nil
}
