package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/anonymize"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/source"
)

// What a run would make of a stage, beside UpToDate.
const (
	WouldRun   = "would run"
	WouldStop  = "would stop"
	NotReached = "not reached"
	Waits      = "waits" // for the end of the window
)

// Step is what a run would do in one stage.
type Step struct {
	Stage  string `json:"stage"`
	Status string `json:"status"` // UpToDate, WouldRun, WouldStop, NotReached, Waits
	Why    string `json:"why,omitempty"`
	// Reads are what the stage looks at: deliveries and files of the directory by their base names, servers by their
	// address, the rest as the study names it. Of a stage that is up to date it is what that was found by.
	Reads []string `json:"reads"`
	// Writes are the folders and files that would change.
	Writes []string `json:"writes"`
}

// Looked is what a check found of a study's input.
type Looked struct {
	*zone.Summary
	Directory []directory.FileCounts
	Feeds     []ingest.Feed
}

// Steps says what Run would do, and writes nothing. The error is that with which a run would stop: for the study, its
// key or its input.
func (b *Batch) Steps(ctx context.Context, looked Looked) (steps []Step, stopped error) {
	b.quiet()
	before := UpToDate
	for _, stage := range Stages {
		step := Step{Status: NotReached}
		if stopped == nil {
			step, stopped = b.step(ctx, stage, before == WouldRun, looked)
		}
		if stopped != nil && step.Status != NotReached {
			step.Status, step.Why, step.Writes = WouldStop, stopped.Error(), nil
		}
		step.Stage = stage
		step.Reads, step.Writes = append([]string{}, step.Reads...), append([]string{}, step.Writes...)
		steps = append(steps, step)
		before = step.Status
		if stage == b.Until {
			break
		}
	}
	return steps, stopped
}

// step is what a run would do in one stage; anew says that the stage before would run.
func (b *Batch) step(ctx context.Context, stage string, anew bool, looked Looked) (Step, error) {
	switch stage {
	case "pull":
		return b.wouldPull()
	case "ingest":
		return b.wouldIngest(looked)
	}
	if waits, err := b.Study.Running(time.Now()); waits != "" || err != nil {
		return Step{Status: Waits, Why: waits}, err
	}
	switch stage {
	case "anonymize":
		return b.wouldAnonymize(anew)
	}
	return b.wouldPublish(ctx, anew)
}

// wouldPull: a server is asked each time, and what comes on standard input is kept.
func (b *Batch) wouldPull() (Step, error) {
	step := Step{Status: UpToDate}
	var servers []string
	for _, src := range b.Study.Sources {
		step.Reads = append(step.Reads, src.Files...)
		if remote, ok := b.Study.Remote(src); ok {
			servers = append(servers, remote.Kind+" "+remote.Host+remote.URL)
			step.Writes = append(step.Writes, path.Dir(src.Files[0]))
		}
		if b.Stdin != nil && slices.Contains(src.Files, source.Stdin) {
			step.Status, step.Why = WouldRun, "records come on standard input"
			step.Writes = append(step.Writes, b.Study.Output.Restricted)
		}
	}
	if len(servers) > 0 {
		step.Status, step.Why = WouldRun, "a server is asked for what it has; the stages below say nothing of that"
		step.Reads = append(servers, step.Reads...)
	}
	if b.Until == "" || b.Until == "report" { // asked before anything is read
		return step, b.Study.Publishable()
	}
	return step, nil
}

func (b *Batch) wouldIngest(looked Looked) (Step, error) {
	step := Step{Status: UpToDate, Writes: []string{b.Study.Output.Restricted}}
	for _, f := range looked.Directory {
		step.Reads = append(step.Reads, f.Name)
	}
	anew := lastRun(b.Study.Dir).Ingested != ingestedFrom(b.Study, looked.Feeds, looked.Directory)
	fresh := 0
	for _, f := range looked.Files {
		if f.Status == zone.StatusNew {
			fresh++
		}
		if f.Status == zone.StatusNew || anew && f.Status == zone.StatusIngested {
			step.Reads = append(step.Reads, f.File)
		}
	}
	var why []string
	if len(looked.Shards) > 0 {
		why = append(why, "what shards have decoded is taken, and goes")
	}
	if fresh > 0 {
		why = append(why, fmt.Sprintf("new deliveries: %d", fresh))
	}
	if anew {
		why = append(why, "no run has ingested this study with this directory last")
	}
	if len(why) == 0 {
		step.Writes = nil
	} else {
		step.Status, step.Why = WouldRun, strings.Join(why, "; ")
	}
	if _, err := masterKey(b.Study); err != nil {
		return step, err
	}
	if len(looked.Faults) > 0 {
		return step, fmt.Errorf("%w: %s", study.ErrInput, strings.Join(looked.Faults, "; "))
	}
	return step, nil
}

// ingestedFrom identifies what an ingestion reads beside the deliveries, which the zone knows by their content.
func ingestedFrom(s *study.Study, feeds []ingest.Feed, files []directory.FileCounts) string {
	var lines []string
	for _, f := range feeds {
		lines = append(lines, fmt.Sprintf("feed %d %s %q", f.Number, f.Name, f.Settings))
	}
	for _, f := range files {
		lines = append(lines, "directory "+f.Kind+" "+f.SHA256)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(s.Hash + "\n" + strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

func (b *Batch) wouldAnonymize(anew bool) (Step, error) {
	s := b.Study
	step := Step{Status: UpToDate, Reads: []string{s.Output.Restricted, s.Policies.Research, s.Policies.Schools}}
	z, err := zone.Open(s.Path(s.Output.Restricted))
	if err != nil {
		return step, err
	}
	o := anonymize.Options{Zone: z, Software: b.Software, ConfigHash: s.Hash}
	for _, kind := range []string{edition.KindResearch, edition.KindSchools} {
		newest, err := edition.Newest(s.Path(s.Output.Editions), kind, s.About.Term)
		if err != nil {
			return step, err
		}
		if !anew && newest.Manifest != nil && o.Made(newest.Manifest) {
			continue
		}
		next := kind + "-" + edition.RevisionTerm(s.About.Term, newest.Number+1)
		step.Writes = append(step.Writes, path.Join(s.Output.Editions, next))
	}
	switch {
	case anew:
		step.Why = "what is ingested would be; an edition stays where too few persons change"
	case len(step.Writes) > 0:
		step.Why = "no edition of this input, study and program stands; one stays where too few persons changed"
	default:
		return step, nil
	}
	step.Status, step.Writes = WouldRun, append(step.Writes, registerOf(s))
	return step, nil
}

func (b *Batch) wouldPublish(ctx context.Context, anew bool) (Step, error) {
	s := b.Study
	step := Step{Status: WouldRun, Why: "the editions would be made anew", Reads: []string{s.Policies.Publication},
		Writes: []string{s.Output.Published, filepath.ToSlash(filepath.Join(filepath.Dir(s.Output.Published),
			internalAuditName)), registerOf(s)}}
	if anew {
		step.Reads = append(step.Reads, s.Output.Editions)
		return step, nil
	}
	editions, err := b.newestEditions()
	if err != nil {
		return step, err
	}
	for _, dir := range editions {
		step.Reads = append(step.Reads, path.Join(s.Output.Editions, filepath.Base(dir)))
	}
	rules, err := s.Rules()
	if err != nil {
		return step, err
	}
	asked, err := b.askedPublication(ctx, editions, rules)
	if err != nil {
		return step, err
	}
	made, err := publication.IsMade(asked)
	if err != nil {
		return step, err
	}
	step.Why = "no publication of these editions, study, language and program stands"
	if made {
		step.Status, step.Why, step.Writes = UpToDate, "", nil
	}
	return step, nil
}
