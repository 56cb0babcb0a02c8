package ingest

import "bytes"

// Format is one foreign schema. A Format holds settings only and may be shared:
// what it learns of a delivery is in that delivery's Reading.
type Format interface {
	// Name is the format's name in study.toml: "entcore", "combined", …
	Name() string
	// Version says which version, commit or specification the room was written
	// against.
	Version() string
	// Open begins a delivery from its first bytes (up to 64 KiB, fewer only where
	// the delivery is shorter). It keeps no reference to head.
	Open(head []byte) Reading
}

// Reading is one delivery as its format understands it. It owns what the first
// bytes gave away: columns, separators, how records end.
type Reading struct {
	// Framing cuts the delivery into chunks of whole records.
	Framing Framing
	// NewDecoder returns a decoder of those chunks, for the use of one goroutine.
	NewDecoder func() Decoder
	// DateOrder is of a delivery whose days could be read the other way; nil where they could not, or where the study
	// says which it is. A DateOrder for each part of the delivery is made from it.
	DateOrder *DateOrder
	// Fault is why the format cannot read the delivery's header; nil if it can.
	// With a Fault every record is a Reject, so that they are still counted.
	Fault error
}

// Decoder turns records into events. It holds scratch space but remembers
// nothing from one chunk to the next, so that chunks can be decoded in any
// order and by any number of cores.
type Decoder interface {
	// Decode hands each record of the chunk to the sink, in order, as exactly
	// one of Event, Ignore and Reject. Reject.Line counts from 1 at the chunk's
	// first line. The chunk may be written to.
	Decode(chunk []byte, sink Sink)
}

// Framing cuts a stream into whole records.
type Framing interface {
	// Cut returns how many leading bytes of buf are whole records; 0 when not
	// even the first record ends in buf.
	Cut(buf []byte) int
	// Resync returns how many bytes to drop to be behind a record that is too
	// long to be held, or -1 when buf does not show its end.
	Resync(buf []byte) int
}

// Lines is the framing of formats with one record on each line.
type Lines struct{}

// Cut implements Framing.
func (Lines) Cut(buf []byte) int { return bytes.LastIndexByte(buf, '\n') + 1 }

// Resync implements Framing.
func (Lines) Resync(buf []byte) int {
	if i := bytes.IndexByte(buf, '\n'); i >= 0 {
		return i + 1
	}
	return -1
}

// NextLine splits the first line off chunk: the line without its LF or CRLF,
// and what follows.
func NextLine(chunk []byte) (line, rest []byte) {
	i := bytes.IndexByte(chunk, '\n')
	if i < 0 {
		line = chunk
	} else {
		line, rest = chunk[:i], chunk[i+1:]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, rest
}

// UnknownSink is a Sink that also wants to know which names the catalog lacks.
type UnknownSink interface {
	Sink
	// Unknown reports a name of the given kind ("module", "fname", "url") that
	// has no service. Only its shape may be kept: see Shape.
	Unknown(kind string, name []byte)
}

// Unknown reports a name without a service to a sink that wants to know it.
func Unknown(sink Sink, kind string, name []byte) {
	if u, ok := sink.(UnknownSink); ok {
		u.Unknown(kind, name)
	}
}
