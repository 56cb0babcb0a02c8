// Package pipeline runs the stages of a study in order: pull, ingest,
// anonymize, report, audit. Each stage reads what the one before left on disk
// and leaves its own output whole or not at all, so that a batch killed at any
// instant and run again ends with the bytes it would have had:
//
//  1. pull looks at the sources and lists the deliveries;
//  2. ingest decodes and pseudonymises them into the restricted zone;
//  3. anonymize builds the two editions and refuses (ErrRefused) what it cannot protect;
//  4. report computes the indicators, protects them, renders the pages, and lets
//     the audit look at all of it before anything becomes visible.
//
// What a stage has already done, by content and not by date, it does not redo.
package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"github.com/entscope/entscope/anonymize"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/lake"
	"github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/journal"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// ErrRefused: a privacy gate refused; of this run nothing stands that could leave.
var ErrRefused = errors.New("privacy gate refused")

// Stages are the names that Until accepts, in order.
var Stages = []string{"pull", "ingest", "anonymize", "report"}

// What a stage of run.json came to.
const (
	Done     = "done"
	UpToDate = "up to date"
	Failed   = "failed"
)

// Batch is one run of a study.
type Batch struct {
	Study *study.Study
	// Software computes: it stands in manifests. Release is the binary's, for run.json alone.
	Software, Release string
	// Until is the last stage to run; empty runs all.
	Until string
	// Lang is the language of the pages: fr, also when empty, or en.
	Lang string
	// AcceptLoss takes the directory and the registers as they are, however much
	// smaller than the last time.
	AcceptLoss bool
	// Progress is told how far a stage is; nil is silent.
	Progress func(stage string, done, total int64)
	// Stdin is what comes on standard input, for the source that asks for it; nil
	// is nothing.
	Stdin io.Reader
	// Disk is where everything is written; the zero Disk is the machine's.
	Disk durable.Disk
	// Log is the operator's journal: a row a stage at info, what it is made of at debug; nil is silent.
	Log *slog.Logger

	report   Report
	store    *lake.Store        // nil where the zone is a folder alone
	editions *anonymize.Outcome // of this run; nil before
	register *release.Register  // as this run opened it last; nil before
}

// Report is run.json: what happened, with clocks and paths, which no other
// output holds.
type Report struct {
	Software string    `json:"software"` // what computes: stands in manifests too
	Release  string    `json:"release"`  // of the binary; in nothing that leaves the house
	Study    string    `json:"study"`
	Dir      string    `json:"dir"`
	Started  time.Time `json:"started"`
	Seconds  float64   `json:"seconds"`
	Changed  bool      `json:"changed"`
	Warnings []string  `json:"warnings"`
	// Overdue says that the restricted zone should have been destroyed: see study.Study.Overdue.
	Overdue string `json:"overdue,omitempty"`
	// Waits says that the window has not ended: see study.Study.Running.
	Waits string `json:"waits,omitempty"`
	// Unfetched are the files that a server lists and did not give, and why.
	Unfetched []string      `json:"unfetched,omitempty"`
	Stages    []StageReport `json:"stages"`
	// Register is how the register of releases stood in the end: a later run refuses one that
	// does not go on from there.
	Register *edition.Booking `json:"register,omitempty"`
	// RegisterFile is where it is, from the study's folder; RegisterKey says of which master key.
	RegisterFile string `json:"register_file,omitempty"`
	RegisterKey  string `json:"register_key,omitempty"`
	// Begun is where this run began the register, as none was there; empty where one was.
	Begun string `json:"-"`
	// Ingested identifies the study and the directory that the last ingestion which ended well had read: Steps
	// compares it.
	Ingested string `json:"ingested,omitempty"`
}

// StageReport is one stage of run.json.
type StageReport struct {
	Stage   string           `json:"stage"`
	Status  string           `json:"status"` // Done, UpToDate, Failed
	Seconds float64          `json:"seconds"`
	Counts  map[string]int64 `json:"counts,omitempty"`
	Outputs []string         `json:"outputs,omitempty"`
	Error   string           `json:"error,omitempty"`
}

// outcome is what a stage says of itself.
type outcome struct {
	changed  bool
	counts   map[string]int64
	outputs  []string
	warnings []string
}

// Run runs the stages. The report is written to run.json beside study.toml also
// when a stage fails.
func (b *Batch) Run(ctx context.Context) (*Report, error) {
	b.quiet()
	unlock, err := Lock(b.Disk, b.Study)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := zone.Claim(b.Disk, b.Study.Path(b.Study.Output.Restricted)); err != nil {
		return nil, fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	if b.store, err = Store(b.Disk, b.Study); err != nil {
		return nil, err
	}
	if b.store != nil {
		defer b.store.Close()
		if err := b.store.Fetch(ctx); err != nil {
			return nil, OfStore(err)
		}
	}
	// What a killed run left there is of persons, whichever stage comes next.
	if err := b.Disk.RemoveAll(b.scratch()); err != nil {
		return nil, fmt.Errorf("scratch: %w", err)
	}
	started := time.Now()
	b.report = Report{Software: b.Software, Release: b.Release, Study: b.Study.About.Name, Dir: b.Study.Dir,
		Started: started, Warnings: []string{}, Ingested: lastRun(b.Study.Dir).Ingested}
	if b.report.Overdue, err = b.Study.Overdue(started); err != nil {
		return nil, err
	}
	if b.report.Waits, err = b.Study.Running(started); err != nil {
		return nil, err
	}
	err = b.stages(ctx)
	b.report.Seconds = time.Since(started).Seconds()
	return &b.report, errors.Join(err, b.writeReport())
}

// quiet lets nobody be told where nobody is named.
func (b *Batch) quiet() {
	if b.Progress == nil {
		b.Progress = func(string, int64, int64) {}
	}
	if b.Log == nil {
		b.Log = slog.New(slog.DiscardHandler)
	}
}

func (b *Batch) stages(ctx context.Context) error {
	// A policy that cannot be used is said before anything is read.
	if _, err := b.Study.Rules(); err != nil {
		return err
	}
	if b.Until == "" || b.Until == "report" {
		if err := b.Study.Publishable(); err != nil {
			return err
		}
	}
	run := map[string]func(context.Context) (outcome, error){
		"pull": b.pull, "ingest": b.ingest, "anonymize": b.anonymize, "report": b.publish,
	}
	for _, stage := range Stages {
		if err := ctx.Err(); err != nil {
			return err
		}
		if stage == "anonymize" && b.report.Waits != "" {
			return nil
		}
		// What a stage leaves goes back to the system: the next has the whole of memory_mb.
		debug.FreeOSMemory()
		bound(b.Study, stage)
		begun := time.Now()
		b.Log.Debug("begins", journal.Stage, stage)
		out, err := run[stage](ctx)
		entry := StageReport{Stage: stage, Status: UpToDate, Seconds: time.Since(begun).Seconds(),
			Counts: out.counts, Outputs: out.outputs}
		if out.changed {
			entry.Status = Done
			b.report.Changed = true
		}
		if errors.Is(err, ErrRefused) && b.editions != nil {
			err = errors.Join(err, b.editions.Withdraw())
		}
		if errors.Is(err, engine.ErrMemory) {
			err = moreMemory(err, b.Study)
		}
		if err != nil {
			entry.Status, entry.Error = Failed, err.Error()
		}
		b.report.Stages = append(b.report.Stages, entry)
		b.report.Warnings = append(b.report.Warnings, out.warnings...)
		if err != nil {
			return fmt.Errorf("%s: %w", stage, err)
		}
		b.Log.Info(entry.Status, journal.Stage, stage, journal.Seconds, entry.Seconds, counts(out.counts))
		if stage == b.Until {
			break
		}
	}
	return nil
}

// enginePercent is how much of memory_mb the engine gets.
const enginePercent = 40

// goPercent is how much of memory_mb Go gets in a stage. Pull and ingest open no engine. Where there is one, the rest is
// for answers and what its allocator keeps, which its bound does not count, and for the program itself, which is mapped
// (some 74 MiB).
func goPercent(stage string) int64 {
	if stage == "pull" || stage == "ingest" {
		return 95
	}
	return 45
}

// counts are those of a stage, for its row.
func counts(of map[string]int64) slog.Attr {
	var attrs []slog.Attr
	for _, key := range slices.Sorted(maps.Keys(of)) {
		attrs = append(attrs, slog.Int64(key, of[key]))
	}
	return slog.GroupAttrs(journal.Counts, attrs...)
}

// runName is the file of what happened, beside the study.
const runName = "run.json"

func (b *Batch) writeReport() error {
	if last := lastRun(b.Study.Dir); b.register == nil {
		b.report.RegisterFile, b.report.RegisterKey, b.report.Register = last.RegisterFile, last.RegisterKey, last.Register
	} else {
		now := b.register.Now()
		b.report.RegisterFile, b.report.RegisterKey, b.report.Register = registerOf(b.Study), b.register.KeyID(), &now
	}
	return b.writeRun(b.report)
}

// witness lets run.json say how the register stands now, where it says that already of this one.
func (b *Batch) witness() error {
	last := lastRun(b.Study.Dir)
	if !last.witnesses(b.Study, b.register) {
		return nil
	}
	now := b.register.Now()
	last.RegisterFile, last.RegisterKey, last.Register = registerOf(b.Study), b.register.KeyID(), &now
	return b.writeRun(last)
}

func (b *Batch) writeRun(r Report) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return b.Disk.WriteFile(filepath.Join(b.Study.Dir, runName), append(data, '\n'), 0o600)
}

// scratch is the folder in the restricted zone that the engine spills to.
func (b *Batch) scratch() string {
	return filepath.Join(b.Study.Path(b.Study.Output.Restricted), "spill")
}

// engineConfig gives the engine its share of the study's memory and a private
// folder to spill to. The caller removes the folder.
func (b *Batch) engineConfig() (engine.Config, func(), error) {
	temp := b.scratch()
	if err := b.Disk.RemoveAll(temp); err != nil {
		return engine.Config{}, nil, fmt.Errorf("engine folder: %w", err)
	}
	if err := b.Disk.MkdirAll(temp, 0o700); err != nil {
		return engine.Config{}, nil, fmt.Errorf("engine folder: %w", err)
	}
	config := engine.Config{MemoryMB: b.Study.Limits.MemoryMB * enginePercent / 100, Threads: 1, TempDir: temp}
	return config, func() { _ = b.Disk.RemoveAll(temp) }, nil
}
