package crosstab

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/release"
)

// Job is one table to protect and publish.
type Job struct {
	Input, Policy string
	Out           string                // folder to write; it must not exist, or be empty
	Key           *pseudonym.LastingKey // of the noise, the draws and the register
	Register      *release.Register     // of what has left; its lock is the caller's
	Inert         func(string) string   // keeps a spreadsheet from running a text
	Dry           bool                  // nothing is written or booked
}

// Publish does the job: the table is booked before it is there. An error that wraps
// ErrUnprotected, ErrAudit, ErrRounding, ErrChanged, ErrBeside, ErrRecoded or ErrNoise is a
// refusal.
func Publish(ctx context.Context, job Job) (*Result, *Table, error) {
	text, err := os.ReadFile(job.Policy)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s: %w", ErrPolicy, filepath.Base(job.Policy), pathless(err))
	}
	p, err := ParsePolicy(text)
	if err != nil {
		return nil, nil, err
	}
	if there, err := durable.Check(job.Out, nil); err != nil && !job.Dry {
		return nil, nil, fmt.Errorf("the output folder: %w", errors.Join(edition.ErrExists, err))
	} else if there && !job.Dry {
		if err := os.Remove(job.Out); err != nil { // it is empty
			return nil, nil, fmt.Errorf("the output folder: %w", pathless(err))
		}
	}
	own := release.Own{Name: filepath.Base(job.Out), Figures: p.Table.Name + "/" + p.Table.Value}
	if own.Made, err = job.made(text); err != nil {
		return nil, nil, err
	}
	if job.Register.Named(own.Name, own.Made) {
		return nil, nil, fmt.Errorf("%w: another release is named %s in the register; hint: another --out",
			edition.ErrExists, own.Name)
	}
	t, err := Read(job.Input, p)
	if err != nil {
		return nil, nil, err
	}
	earlier, err := job.earlier(own)
	if err != nil {
		return nil, t, err
	}
	r, err := Protect(ctx, t, p, earlier, job.draw)
	if err != nil || job.Dry {
		return r, t, err
	}
	if own.Cells, err = t.Keep(p, r); err != nil {
		return nil, t, err
	}
	if err := job.Register.BookOwn(own); err != nil {
		return nil, t, err
	}
	return r, t, job.write(r, p)
}

// made tells two makings apart, with a key: a plain digest of a file of contributions tells
// who can guess it that the guess is right.
func (job Job) made(policy []byte) (string, error) {
	f, err := os.Open(job.Input)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrInput, pathless(err))
	}
	defer f.Close()
	h := job.Key.Hasher("table/made")
	sum := h.Sum(policy)
	block := make([]byte, 1<<16)
	for {
		n, err := io.ReadFull(f, block)
		next := h.Sum(append(sum[:len(sum):len(sum)], block[:n]...))
		sum = next
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return hex.EncodeToString(sum[:]), nil
		case err != nil:
			return "", fmt.Errorf("%w: %w", ErrInput, pathless(err))
		}
	}
}

func (job Job) earlier(own release.Own) (out []Left, err error) {
	tables, err := job.Register.OwnTables(own.Figures, own.Made)
	if err != nil {
		return nil, err
	}
	for _, o := range tables {
		l, err := ParseLeft(o.Cells)
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

func (job Job) draw(label string, parts ...[]byte) uint64 {
	var text []byte
	for _, p := range parts {
		text = append(binary.BigEndian.AppendUint64(text, uint64(len(p))), p...)
	}
	sum := job.Key.Hasher(label).Sum(text)
	return binary.BigEndian.Uint64(sum[:8])
}

// write makes the folder.
func (job Job) write(r *Result, p Policy) error {
	table, err := job.csv(r, p)
	if err != nil {
		return err
	}
	description, err := describe(r, p)
	if err != nil {
		return err
	}
	return durable.WriteFolder(job.Out, map[string][]byte{"table.csv": table, "datapackage.json": description}, 0o755)
}

// csv is the published table: a hidden cell has no value and the flag c, confidential.
func (job Job) csv(r *Result, p Policy) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	row := append([]string{}, r.Columns...)
	row = append(row, valueName(p), "flag")
	write := func() error {
		for i := range row {
			row[i] = job.Inert(row[i])
		}
		return w.Write(row)
	}
	if err := write(); err != nil {
		return nil, err
	}
	for _, c := range r.Cells {
		value, flag := text(c.Value, r.Decimals), ""
		if c.Hidden {
			value, flag = "", "c"
		}
		row = append(append(row[:0], c.Labels...), value, flag)
		if err := write(); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// valueName is the heading of the values.
func valueName(p Policy) string {
	if p.Table.Value == "" {
		return "contributors"
	}
	return p.Table.Value
}

// describe is the Frictionless description. It tells the method and no threshold: the p of p %
// would tell how near a hidden cell may be.
func describe(r *Result, p Policy) ([]byte, error) {
	type field struct {
		Name        string `json:"name"`
		Type        string `json:"type"`
		Description string `json:"description"`
	}
	var fields []field
	for i, name := range r.Columns {
		fields = append(fields, field{name, "string", fmt.Sprintf("code; %q is the total", p.Dimensions[i].Total)})
	}
	method := map[string]string{
		MethodSuppress: "unsafe cells are hidden, and others so that they cannot be computed",
		MethodRound: fmt.Sprintf("rounded to multiples of %g so that totals are the sums of their parts",
			p.Release.Base),
		MethodNoise: "every cell has noise, the same for the same contributors: totals are not the sums of their parts",
	}[r.Method]
	fields = append(fields, field{valueName(p), "number", method},
		field{"flag", "string", "c: confidential, not shown"})
	data, err := json.MarshalIndent(map[string]any{
		"profile": "data-package", "name": "table", "title": p.Table.Name,
		"description": "Protected table of aggregates: " + method + ".",
		"resources": []any{map[string]any{"name": "table", "path": "table.csv", "format": "csv",
			"mediatype": "text/csv",
			"encoding":  "utf-8", "schema": map[string]any{"fields": fields, "missingValues": []string{""}}}},
	}, "", "  ")
	return append(data, '\n'), err
}

// AuditCSV lists what must stay unknown and how near it can be known: for the operator alone.
func (r *Result) AuditCSV(inert func(string) string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{append(append([]string{}, r.Columns...), "reason", "low", "high", "width", "asked", "holds")}
	for _, a := range r.Audit {
		rows = append(rows, append(append([]string{}, a.Labels...), a.Row(r.Decimals)...))
	}
	for _, row := range rows {
		for i := range row {
			row[i] = inert(row[i])
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// Row is why a cell is hidden, where it is left, how wide for whoever knows most, what was
// asked, and whether that holds; D is hidden for another.
func (a Audited) Row(decimals int) []string {
	reason := string(a.Reason)
	if reason == "" {
		reason = "D"
	}
	row := []string{reason, bound(a.Low, decimals, false), bound(a.High, decimals, true)}
	if a.Asked == 0 {
		return append(row, bound(a.Width, decimals, false), "", "")
	}
	holds := "yes"
	if !a.Holds {
		holds = "NO"
	}
	return append(row, bound(a.Width, decimals, false), bound(a.Asked, decimals, true), holds)
}

// pathless drops the path from an error: paths may name people.
func pathless(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
