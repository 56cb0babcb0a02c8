package release

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// A sketch is an invertible Bloom lookup table of tokens: of constant size, and
// from two sketches follow the tokens that stand in one only, as long as they are
// few. Source: D. Eppstein, M. T. Goodrich, F. Uyeda, G. Varghese, What's the
// Difference? Efficient Set Reconciliation without Prior Context, SIGCOMM 2011.
type sketch struct {
	cells [sketchCells]sketchCell
}

type sketchCell struct {
	count int32
	token uint64 // XOR of the tokens
	check uint32 // XOR of their checks
}

const (
	// sketchRows partitions the cells: a token stands in one of each. Two tokens that share
	// their cell in every row cannot be told apart, so a pair fails once in 40^6: of 60
	// differences, less than once in a million sketches. A failure reads as "many".
	sketchRows  = 6
	sketchCells = sketchRows * 40
)

// mix is the finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (s *sketch) add(token uint64) { s.put(token, 1) }

func (s *sketch) put(token uint64, sign int32) {
	const width = sketchCells / sketchRows
	check := uint32(mix(token))
	for row := range uint64(sketchRows) {
		at, _ := bits.Mul64(mix(token^(row+1)*0xd6e8feb86659fd93), width)
		c := &s.cells[row*width+at]
		c.count += sign
		c.token ^= token
		c.check ^= check
	}
}

// differences lists the tokens that stand in s or in o and not in both; ok is
// false when they are too many to be told.
func (s *sketch) differences(o *sketch) (tokens []uint64, ok bool) {
	var d sketch
	for i := range d.cells {
		a, b := s.cells[i], o.cells[i]
		d.cells[i] = sketchCell{a.count - b.count, a.token ^ b.token, a.check ^ b.check}
	}
	for again := true; again; {
		again = false
		for i := range d.cells {
			c := d.cells[i]
			if c.count != 1 && c.count != -1 || c.check != uint32(mix(c.token)) {
				continue
			}
			tokens = append(tokens, c.token)
			d.put(c.token, -c.count)
			again = true
			if len(tokens) > sketchCells {
				return nil, false
			}
		}
	}
	return tokens, d == sketch{}
}

// changed counts the persons who joined, left or of whom something else is known between two
// sketches of tokens; many is true when they are too many to be told.
func (s *sketch) changed(o *sketch) (persons int, many bool) {
	tokens, ok := s.differences(o)
	if !ok {
		return 0, true
	}
	seen := map[uint64]bool{}
	for _, t := range tokens {
		seen[t>>contentBits] = true
	}
	return len(seen), false
}

const sketchBytes = sketchCells * 16

func (s *sketch) marshal() []byte {
	b := make([]byte, 0, sketchBytes)
	for _, c := range s.cells {
		b = binary.BigEndian.AppendUint32(b, uint32(c.count))
		b = binary.BigEndian.AppendUint64(b, c.token)
		b = binary.BigEndian.AppendUint32(b, c.check)
	}
	return b
}

// addPerson adds the token of a person with what is known of them.
func (s *sketch) addPerson(person int64, content uint64) {
	s.add(uint64(person)>>(63-40)<<contentBits | content>>(64-contentBits))
}

func (s *sketch) unmarshal(b []byte) error {
	if len(b) != sketchBytes {
		return errors.New("a sketch of another size")
	}
	for i := range s.cells {
		at := b[16*i:]
		s.cells[i] = sketchCell{
			int32(binary.BigEndian.Uint32(at)), binary.BigEndian.Uint64(at[4:]), binary.BigEndian.Uint32(at[12:]),
		}
	}
	return nil
}
