package national

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/source"
)

// Input is a file, and what became of it.
type Input struct {
	// Path and Name are where it was and how it is called; they are no part of an
	// edition, which depends on contents only.
	Path string `json:"-"`
	Name string `json:"-"`
	// Label is its kind, with a number where there are several of one.
	Label  string `json:"label"`
	Kind   Kind   `json:"kind"`
	SHA256 string `json:"sha256"`
	// Rows are those of the file; they are Accepted or Refused, the accepted used,
	// Repeated or Superseded.
	Rows       int64                   `json:"rows"`
	Accepted   int64                   `json:"accepted"`
	Refused    map[ingest.Reason]int64 `json:"refused,omitempty"`
	Repeated   int64                   `json:"repeated,omitempty"`
	Superseded int64                   `json:"superseded,omitempty"`
	// Columns are those of the file; Used of them have a meaning here.
	Columns int      `json:"columns"`
	Used    int      `json:"columns_used"`
	Unknown []string `json:"unknown,omitempty"`
	Missing []string `json:"missing,omitempty"`

	layout  *layout
	rows    ingest.Rows // how a text is cut
	skip    int         // bytes before the headings
	parquet bool
	tally   *tally
	before  []int64 // the lines before each block
	twice   bool    // the bytes of another file
	open    bool    // the last row has no line end
}

// identify lists the files, with those in archives, tells what each is and hashes it.
// All faults are reported at once.
func identify(ctx context.Context, files []string) ([]*Input, error) {
	var all []*Input
	var faults []error
	for _, name := range files {
		paths, err := source.Glob("", []string{literal(name)})
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", filepath.Base(name), err))
			continue
		}
		for _, path := range paths {
			in := &Input{Path: path, Name: source.Name(path)}
			if err := in.identify(ctx); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", in.Name, err))
				continue
			}
			all = append(all, in)
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	// What is done must not depend on the order of the names, where contents tell one.
	slices.SortStableFunc(all, func(a, b *Input) int { return strings.Compare(a.SHA256, b.SHA256) })
	return all, nil
}

// literal is a name as a pattern that means nothing else.
func literal(name string) string {
	var b strings.Builder
	for _, r := range name {
		if strings.ContainsRune(`*?[\`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// identify reads the headings of a file and hashes it.
func (in *Input) identify(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d, err := source.Open(in.Path)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := in.recognise(d); err != nil {
		return err
	}
	in.Kind, in.Columns, in.Used = in.layout.kind, in.layout.width, in.layout.columnsUsed()
	in.Unknown, in.Missing = in.layout.unknown, in.layout.missing
	if in.SHA256, err = d.Sum(); err != nil {
		return err
	}
	return nil
}

func (in *Input) recognise(d *source.Delivery) error {
	if len(d.Head()) == 0 {
		return fmt.Errorf("%w: the file is empty", ErrUnknown)
	}
	if bytes.HasPrefix(d.Head(), parquetMagic) {
		return in.recogniseParquet()
	}
	head, err := bufio.NewReaderSize(d, headSize).Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if in.rows, in.skip, err = framing(head); err != nil {
		return err
	}
	names, _, err := headings(head[in.skip:], in.rows)
	if err != nil {
		return err
	}
	in.layout, err = recognise(names)
	return err
}

// headSize is more than the headings of any of the files.
const headSize = 64 << 10

// errPacked is a Parquet file that cannot be read where it is.
var errPacked = errors.New("a Parquet file in an archive; hint: unpack it")

func (in *Input) recogniseParquet() error {
	f, err := os.Open(in.Path)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnknown, errPacked)
	}
	defer f.Close()
	head := make([]byte, len(parquetMagic))
	if _, err := io.ReadFull(f, head); err != nil || !bytes.Equal(head, parquetMagic) {
		return fmt.Errorf("%w: %w", ErrUnknown, errPacked)
	}
	p, err := openParquet(f)
	if err != nil {
		return err
	}
	in.rows.Sep, in.parquet = ',', true
	in.layout, err = recognise(p.names)
	return err
}

// text is a small file from its headings on, as delimited text.
func (in *Input) text() (io.ReadCloser, error) {
	if !in.parquet {
		d, err := source.Open(in.Path)
		if err != nil {
			return nil, err
		}
		if _, err := io.CopyN(io.Discard, d, int64(in.skip)); err != nil {
			return nil, errors.Join(err, d.Close())
		}
		return d, nil
	}
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := openParquet(f)
	if err != nil {
		return nil, err
	}
	text, err := p.csv()
	return io.NopCloser(bytes.NewReader(text)), err
}

// decode reads the rows of a file of the DNMA into a spill.
func (in *Input) decode(ctx context.Context, number int, to *spill, threads int) ([]*schools, error) {
	var spillers []*spiller
	newOne := func() *decoder {
		w := &spiller{to: to, source: uint64(number)}
		spillers = append(spillers, w)
		return newDecoder(in.layout, w.add)
	}
	decoders, err := in.decoders(ctx, threads, newOne)
	if err != nil {
		return nil, err
	}
	var seen []*schools
	for _, d := range decoders {
		seen = append(seen, d.schools)
	}
	for _, w := range spillers {
		if err := w.flush(); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// decoders reads a file by as many decoders as there are threads, and takes their tallies together.
func (in *Input) decoders(ctx context.Context, threads int, newOne func() *decoder) ([]*decoder, error) {
	decoders, err := in.decoded(ctx, threads, newOne)
	if err != nil {
		return nil, err
	}
	in.tally = newTally()
	for _, d := range decoders {
		in.tally.add(d.tally)
	}
	return decoders, nil
}

func (in *Input) decoded(ctx context.Context, threads int, newOne func() *decoder) ([]*decoder, error) {
	d, err := source.Open(in.Path)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	if bytes.HasPrefix(d.Head(), parquetMagic) {
		f, err := os.Open(in.Path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		p, err := openParquet(f)
		if err != nil {
			return nil, err
		}
		return p.read(ctx, threads, newOne)
	}
	text := bufio.NewReaderSize(d, headSize)
	head, err := text.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	names, length, err := headings(head[in.skip:], in.rows)
	if err != nil {
		return nil, err
	}
	if _, err := text.Discard(in.skip + length); err != nil {
		return nil, err
	}
	t := textFile{rows: in.rows, names: names, threads: threads, newOne: newOne}
	decoders, err := t.read(ctx, text)
	if err != nil {
		return nil, err
	}
	in.before, in.open = t.before, d.OpenEnded()
	return decoders, nil
}
