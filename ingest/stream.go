package ingest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// ChunkSize is how many bytes of a delivery are decoded together. Chunks are
// cut at fixed offsets of the input (back to the last whole record), so that
// what is in a chunk depends on the input alone. It is also the longest record
// that is read: a longer one is a Reject.
const ChunkSize = 1 << 20

// headSize is what a Format sees before it chooses a framing.
const headSize = 1 << 16

// Pipeline decodes the chunks of a delivery on several cores and commits the
// results in input order. B holds what one chunk gave.
type Pipeline[B any] struct {
	// Threads is how many chunks are decoded at once; at least 1.
	Threads int
	// Chunk is the size of a chunk in bytes; 0 is ChunkSize. Tests take less.
	Chunk int
	// NewBatch makes a place for the results of a chunk. Batches are reused:
	// Work must leave nothing of an earlier chunk.
	NewBatch func() B
	// NewWorker is called once in each thread that gets a chunk, with what the
	// format makes of the delivery; it returns what decodes a chunk into a batch.
	NewWorker func(reading Reading) func(chunk []byte, batch B)
	// Commit takes the batches in input order. firstLine is the 1-based number
	// of the chunk's first line in the delivery.
	Commit func(batch B, firstLine int64) error
	// TooLong takes the place of Commit for a record longer than a chunk.
	TooLong func(line int64) error
}

// Outcome is what is known of a delivery once its stream has been read.
type Outcome struct {
	// Lines is the number of lines read.
	Lines int64
	// Fault is that of the delivery's Reading.
	Fault error
}

type job[B any] struct {
	buf       []byte // backing array, reused
	chunk     []byte
	batch     B
	firstLine int64
	tooLong   bool
	done      chan struct{}
}

// Run reads the delivery to its end. Its error is the first of the reader, of
// Commit, or of the context.
func (p Pipeline[B]) Run(ctx context.Context, r io.Reader, format Format) (Outcome, error) {
	if p.Threads < 1 {
		return Outcome{}, fmt.Errorf("ingest: pipeline of %d threads", p.Threads)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		inFlight = p.Threads + 2
		free     = make(chan *job[B], inFlight)
		todo     = make(chan *job[B], inFlight)
		ordered  = make(chan *job[B], inFlight)
		workers  sync.WaitGroup
		reading  Reading // set before the first chunk is sent
		lines    int64
		readErr  error
	)
	size := p.Chunk
	if size == 0 {
		size = ChunkSize
	}
	for range inFlight {
		free <- &job[B]{buf: make([]byte, size), batch: p.NewBatch(), done: make(chan struct{}, 1)}
	}
	for range p.Threads {
		workers.Go(func() {
			var work func([]byte, B)
			for j := range todo {
				if work == nil {
					work = p.NewWorker(reading)
				}
				work(j.chunk, j.batch)
				j.done <- struct{}{}
			}
		})
	}
	go func() {
		defer close(ordered)
		defer close(todo)
		c := cutter[B]{
			r: wholeReader{r}, format: format, reading: &reading, free: free, todo: todo, ordered: ordered,
		}
		lines, readErr = c.run(ctx)
	}()
	var commitErr error
	for j := range ordered {
		switch {
		case commitErr != nil:
			if !j.tooLong {
				<-j.done
			}
		case j.tooLong:
			commitErr = p.TooLong(j.firstLine)
		default:
			<-j.done
			commitErr = p.Commit(j.batch, j.firstLine)
		}
		if commitErr != nil {
			cancel()
		}
		free <- j
	}
	workers.Wait()
	if commitErr != nil {
		return Outcome{lines, reading.Fault}, commitErr
	}
	return Outcome{lines, reading.Fault}, readErr
}

// cutter fills buffers, cuts them into chunks of whole records and hands them
// out twice: to the workers, and in order to the committer.
type cutter[B any] struct {
	r             io.Reader
	format        Format
	reading       *Reading
	free          chan *job[B]
	todo, ordered chan<- *job[B]
	lines         int64
	lineEnd       []byte // LF; a framing with a method LineEnd says otherwise
}

// open shows the format the head of the delivery, however small the chunks are, and
// gives what is to be read, without a byte order mark. returns says that lines end in
// a carriage return alone, as on an old Mac: they are made newlines, unless the framing
// counts line ends of its own.
func (c *cutter[B]) open() (r io.Reader, returns bool) {
	in := bufio.NewReaderSize(c.r, headSize)
	if bom, _ := in.Peek(3); string(bom) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3)
	}
	head, _ := in.Peek(headSize) // an error comes back with the bytes
	*c.reading = c.format.Open(head)
	if _, rows := c.reading.Framing.(interface{ LineEnd() byte }); rows || !bareReturns(head) {
		return in, false
	}
	head = bytes.Clone(head)
	returnsToNewlines(head)
	*c.reading = c.format.Open(head)
	return in, true
}

// bareReturns reports whether lines end in a carriage return alone.
func bareReturns(head []byte) bool {
	return bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0
}

func returnsToNewlines(b []byte) {
	for i, c := range b {
		if c == '\r' {
			b[i] = '\n'
		}
	}
}

func (c *cutter[B]) run(ctx context.Context) (int64, error) {
	var (
		framing  Framing
		carry    []byte // bytes after the last cut
		skipping bool   // inside a record that is too long
	)
	r, returns := c.open()
	framing = c.reading.Framing
	c.lineEnd = newline
	if f, ok := framing.(interface{ LineEnd() byte }); ok {
		c.lineEnd = []byte{f.LineEnd()}
	}
	for {
		j, err := c.take(ctx)
		if err != nil {
			return c.lines, err
		}
		n := copy(j.buf, carry)
		m, err := io.ReadFull(r, j.buf[n:])
		n += m
		eof := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !eof {
			return c.lines, fmt.Errorf("ingest: read: %w", err)
		}
		if returns {
			returnsToNewlines(j.buf[n-m : n])
		}
		buf := j.buf[:n]
		if skipping {
			if cut := framing.Resync(buf); cut >= 0 {
				c.lines += int64(bytes.Count(buf[:cut], c.lineEnd))
				buf, skipping = buf[cut:], false
			} else {
				c.lines += int64(bytes.Count(buf, c.lineEnd))
				buf = nil
			}
		}
		cut := len(buf)
		if !eof && !skipping {
			cut = framing.Cut(buf)
		}
		switch {
		case cut > 0:
			carry = append(carry[:0], buf[cut:]...)
			c.send(j, buf[:cut])
		case len(buf) == len(j.buf):
			// A whole buffer and no end of the first record.
			skipping = true
			carry = carry[:0]
			j.tooLong, j.firstLine = true, c.lines+1
			c.lines += int64(bytes.Count(buf, c.lineEnd))
			c.ordered <- j
		default:
			carry = append(carry[:0], buf...)
			c.free <- j
		}
		if eof {
			return c.lines, nil
		}
	}
}

var newline = []byte{'\n'}

func (c *cutter[B]) take(ctx context.Context) (*job[B], error) {
	select {
	case j := <-c.free:
		j.tooLong = false
		return j, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *cutter[B]) send(j *job[B], chunk []byte) {
	j.chunk, j.firstLine = chunk, c.lines+1
	c.lines += int64(bytes.Count(chunk, c.lineEnd))
	c.ordered <- j
	c.todo <- j
}

// ErrTruncated says that a compressed delivery ends in the middle: it was
// probably still being written.
var ErrTruncated = errors.New("delivery is cut short")

// wholeReader distinguishes a stream that breaks off from one that ends: io.ReadFull
// uses io.ErrUnexpectedEOF for the latter, decompressors for the former.
type wholeReader struct{ r io.Reader }

func (w wholeReader) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err == io.ErrUnexpectedEOF {
		err = ErrTruncated
	}
	return n, err
}
