package national

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/durable"
)

// Job is what to read and where to write the edition.
type Job struct {
	Files []string
	// Out is the folder of the edition. What stands there is replaced if it is an
	// edition of the same kind.
	Out string
	// Software is written into the manifest; another one makes the edition again.
	Software string
	Threads  int
	// Progress is told how many of the rows' bytes are done; it may be nil.
	Progress func(stage string, done, total int64)
}

// Manifest is what an edition says of itself. It is written last.
type Manifest struct {
	Kind      string   `json:"kind"`
	Version   int      `json:"version"`
	Software  string   `json:"software"`
	Synthetic bool     `json:"synthetic"`
	Inputs    []*Input `json:"inputs"`
	Files     []File   `json:"files"`
	// Tables counts the rows of each.
	Tables   map[string]int64 `json:"tables"`
	Warnings []string         `json:"warnings,omitempty"`
}

// File is a file of an edition.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

const (
	manifestName    = "manifest.json"
	manifestKind    = "national"
	manifestVersion = 1
)

// Reading is what Read did.
type Reading struct {
	Manifest *Manifest
	// Inputs are those of the manifest, with the names they were read under.
	Inputs []*Input
	// Made is false where the edition was there already, of the same inputs and software.
	Made bool
}

// Read makes an edition of the files, or finds that it is there. The error wraps
// ErrUnknown or ErrDamaged for a file that cannot be used: then nothing is written.
func Read(ctx context.Context, job Job) (*Reading, error) {
	if len(job.Files) == 0 || job.Out == "" || job.Software == "" || job.Threads < 1 {
		return nil, errors.New("national: files, output folder, software and threads must be set")
	}
	if _, err := durable.Check(job.Out, ours); err != nil {
		return nil, err
	}
	inputs, err := identify(ctx, job.Files)
	if err != nil {
		return nil, err
	}
	label(inputs)
	if m := standing(job, inputs); m != nil {
		return &Reading{Manifest: m, Inputs: inputs}, nil
	}
	stage, err := durable.NewStage(job.Out, 0o755)
	if err != nil {
		return nil, err
	}
	b := &builder{job: job, dir: stage.Dir(), inputs: inputs, seen: newSchools(),
		registers: registers{given: map[Kind]bool{}}}
	m, err := b.build(ctx)
	if err == nil {
		err = stage.Commit(ours)
	}
	if err != nil {
		return nil, errors.Join(err, stage.Abort())
	}
	return &Reading{Manifest: m, Inputs: inputs, Made: true}, nil
}

// label names each input by its kind, and finds those that are the bytes of another.
func label(inputs []*Input) {
	times := map[Kind]int{}
	for i, in := range inputs {
		times[in.Kind]++
		in.Label = string(in.Kind)
		if n := times[in.Kind]; n > 1 {
			in.Label = fmt.Sprintf("%s#%d", in.Kind, n)
		}
		in.twice = i > 0 && inputs[i-1].SHA256 == in.SHA256
	}
}

// ours accepts a folder that holds an edition of this kind and nothing else.
func ours(dir string) error {
	m, err := readManifest(dir)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() != manifestName && !slices.ContainsFunc(m.Files, func(f File) bool { return f.Name == e.Name() }) {
			return fmt.Errorf("it holds %q", e.Name())
		}
	}
	return nil
}

func readManifest(dir string) (*Manifest, error) {
	data, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return nil, errors.New("it holds no manifest")
	}
	m := new(Manifest)
	if err := json.Unmarshal(data, m); err != nil || m.Kind != manifestKind {
		return nil, errors.New("its manifest is not that of a national edition")
	}
	return m, nil
}

// standing is the manifest of an edition that is there already, whole, of the same
// inputs and software; nil if there is none.
func standing(job Job, inputs []*Input) *Manifest {
	m, err := readManifest(job.Out)
	if err != nil || m.Version != manifestVersion || m.Software != job.Software || len(m.Inputs) != len(inputs) {
		return nil
	}
	for i, in := range m.Inputs {
		if in.SHA256 != inputs[i].SHA256 || in.Kind != inputs[i].Kind {
			return nil
		}
	}
	for _, f := range m.Files {
		if filepath.Base(f.Name) != f.Name {
			return nil
		}
		there, err := hashFile(filepath.Join(job.Out, f.Name))
		if err != nil || there.SHA256 != f.SHA256 {
			return nil
		}
	}
	return m
}

func hashFile(path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	return File{Name: filepath.Base(path), Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}

// builder makes one edition.
type builder struct {
	job       Job
	dir       string
	inputs    []*Input
	seen      *schools
	registers registers
	manifest  Manifest
	weeks     map[Kind]map[int32]int64
	columns   []ColumnRow
}

func (b *builder) build(ctx context.Context) (*Manifest, error) {
	b.manifest = Manifest{
		Kind: manifestKind, Version: manifestVersion, Software: b.job.Software, Inputs: b.inputs,
		Tables: map[string]int64{},
	}
	b.weeks = map[Kind]map[int32]int64{}
	for _, k := range Measured {
		if err := b.measured(ctx, k); err != nil {
			return nil, err
		}
	}
	if err := b.readRegisters(); err != nil {
		return nil, err
	}
	b.account()
	if err := b.smallTables(); err != nil {
		return nil, err
	}
	b.manifest.Synthetic = synthetic(b.seen)
	if err := b.describe(); err != nil {
		return nil, err
	}
	slices.SortFunc(b.manifest.Files, func(a, c File) int { return strings.Compare(a.Name, c.Name) })
	data, err := json.MarshalIndent(&b.manifest, "", "  ")
	if err != nil {
		return nil, err
	}
	return &b.manifest, durable.WriteFile(filepath.Join(b.dir, manifestName), append(data, '\n'), 0o644)
}

// file writes a file of the edition.
func (b *builder) file(name string, write func(io.Writer) error) error {
	path := filepath.Join(b.dir, name)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("national: %w", err)
	}
	sum := sha256.New()
	written := &counter{w: io.MultiWriter(f, sum)}
	if err := errors.Join(write(written), f.Close()); err != nil {
		return err
	}
	hash := hex.EncodeToString(sum.Sum(nil))
	b.manifest.Files = append(b.manifest.Files, File{Name: name, Bytes: written.n, SHA256: hash})
	return nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// table writes a small table.
func table[T any](b *builder, name string, rows []T) error {
	b.manifest.Tables[name] = int64(len(rows))
	return b.file(name+".parquet", func(out io.Writer) error {
		w := parquet.NewGenericWriter[T](out, writerOptions...)
		if _, err := w.Write(rows); err != nil {
			return fmt.Errorf("national: table %s: %w", name, err)
		}
		return w.Close()
	})
}

func (b *builder) smallTables() error {
	schools, strangers := schoolRows(b.seen, &b.registers)
	if strangers > 0 {
		b.warn("annuaire: %d schools of the DNMA are not in it: kept", strangers)
	}
	ips, repeated := b.registers.ipsRows()
	if repeated > 0 {
		b.warn("ips: %d rows tell a school and year again: the one with an IPS, or else the greater, stands", repeated)
	}
	var first, last int32 = lastDay, 0
	for _, weeks := range b.weeks {
		for w := range weeks {
			first, last = min(first, w), max(last, w)
		}
	}
	var calendar []CalendarRow
	if b.registers.holidays != nil {
		calendar = calendarRows(b.registers.holidays, first, last)
	}
	var coverage []CoverageRow
	for _, k := range Measured {
		rows := coverageRows(k, b.weeks[k], termWeeks(calendar))
		for _, r := range rows {
			if r.Thin {
				b.warn("%s: week of %s: %d schools, less than its neighbours let expect: "+
					"was the file cut, or did a feed fail?", k, dateOf(r.WeekDay), r.Schools)
			}
		}
		coverage = append(coverage, rows...)
	}
	slices.SortStableFunc(coverage, func(a, c CoverageRow) int { return strings.Compare(a.Table, c.Table) })
	return errors.Join(
		table(b, "schools", schools), table(b, "ips", ips), table(b, "calendar", calendar),
		table(b, "coverage", coverage), table(b, "columns", b.columns))
}

func (b *builder) warn(format string, args ...any) {
	b.manifest.Warnings = append(b.manifest.Warnings, fmt.Sprintf(format, args...))
}
