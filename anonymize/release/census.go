package release

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

// Zone is a restricted zone as lists of live Parquet files.
type Zone interface {
	Files(table string) []string
	EventFiles(bucket int) []string
	Buckets() int
}

// Census is who stands behind a release: the schools of the perimeter with what the reference
// says of them, and each person with what is known of them in the window.
type Census struct {
	schools    []int64  // keys of UAI numbers, in order
	references []uint64 // what the reference says of each
	groups     []groups // of which each is
	places     map[uint64]place
	persons    sketch // with all that is known of each in the window
	known      sketch // with what a row of a person shows of directory and registers
	detail     detail // of what was taken; no register keeps it
}

// groups name the group of a school in each grouping of schools that cells are counted by.
type groups [7]uint16

// A token of a sketch is a person (its high 40 bits) and their content.
const contentBits = 24

// Window is what a census is of: days since 1970-01-01, both included, and the days before which a
// school has had the portal for two and for five years.
type Window struct {
	Start, End                      int32
	TwoYearsBefore, FiveYearsBefore int32
}

// moved counts the schools of both censuses that the reference describes otherwise.
func (c *Census) moved(o *Census) (n int) {
	for i, s := range c.schools {
		if j, both := slices.BinarySearch(o.schools, s); both && c.references[i] != o.references[j] {
			n++
		}
	}
	return n
}

// meets reports whether two censuses have a school in common.
func (c *Census) meets(o *Census) bool {
	return slices.ContainsFunc(c.schools, func(s int64) bool {
		_, both := slices.BinarySearch(o.schools, s)
		return both
	})
}

// apart reports whether in some place, of either census, at least one and fewer than small
// persons may have changed. It errs on the safe side: of small persons and a few more it
// may say so too.
func (c *Census) apart(o *Census, small int) bool {
	few := func(n int) bool { return n > 0 && n < small }
	for key, p := range c.places { // a place that is not there is one of nobody
		if few(p.differences(o.places[key])) {
			return true
		}
	}
	for key, p := range o.places {
		if _, seen := c.places[key]; !seen && few(p.differences(place{})) {
			return true
		}
	}
	return false
}

func (c *Census) marshal() []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(c.schools)))
	for i, s := range c.schools {
		b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, uint64(s)), c.references[i])
		for _, g := range c.groups[i] {
			b = binary.BigEndian.AppendUint16(b, g)
		}
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(c.places)))
	for _, key := range slices.Sorted(maps.Keys(c.places)) {
		b = binary.BigEndian.AppendUint64(b, key)
		for _, sum := range c.places[key] {
			b = binary.BigEndian.AppendUint16(b, sum)
		}
	}
	return append(append(b, c.persons.marshal()...), c.known.marshal()...)
}

// schoolBytes is a school in a census.
const schoolBytes = 8 + 8 + 2*len(groups{})

var errCensus = errors.New("a census of another size (hint: an earlier version of entscope wrote it)")

func (c *Census) unmarshal(b []byte) error {
	schools, b, err := list(b, schoolBytes)
	if err != nil {
		return err
	}
	places, b, err := list(b, placeBytes)
	if err != nil {
		return err
	}
	c.schools, c.places = make([]int64, len(schools)), make(map[uint64]place, len(places))
	c.references, c.groups = make([]uint64, len(schools)), make([]groups, len(schools))
	for i, s := range schools {
		c.schools[i], c.references[i] = int64(binary.BigEndian.Uint64(s)), binary.BigEndian.Uint64(s[8:])
		for j := range c.groups[i] {
			c.groups[i][j] = binary.BigEndian.Uint16(s[16+2*j:])
		}
	}
	for _, at := range places {
		var p place
		for j := range p {
			p[j] = binary.BigEndian.Uint16(at[8+2*j:])
		}
		c.places[binary.BigEndian.Uint64(at)] = p
	}
	if len(b) != 2*sketchBytes {
		return errCensus
	}
	return errors.Join(c.persons.unmarshal(b[:sketchBytes]), c.known.unmarshal(b[sketchBytes:]))
}

// list takes a number and so many pieces of a size from the head of b.
func list(b []byte, size int) (pieces [][]byte, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errCensus
	}
	n := int(binary.BigEndian.Uint32(b))
	if b = b[4:]; len(b)/size < n {
		return nil, nil, errCensus
	}
	return slices.Collect(slices.Chunk(b[:n*size], size)), b[n*size:], nil
}
