package uniqueness

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// Specials are the minimal sample uniques of a table.
type Specials struct {
	// Largest is the most columns of a combination that was looked at.
	Largest int
	// BySize counts the minimal sample uniques by their number of columns, from 1.
	BySize []int
	// Rows are the rows that have one.
	Rows int
	// Score is SUDA's of each row, 0 for none; Highest is the highest.
	Score   []float64
	Highest float64
}

// mostColumns bounds the search: the combinations grow with their power.
const mostColumns = 24

// Special finds the minimal sample uniques of the rows: combinations of at most largest
// columns whose values one row alone has, and of which no part is one already. columns[c][r]
// is the value of row r, from 0. A combination of k columns of ATT scores Π (ATT − i), i from k to
// largest: the fewer values tell somebody apart, the more.
func Special(columns [][]int32, largest int) (Specials, error) {
	n := len(columns)
	if n == 0 || n > mostColumns || largest < 1 || largest > n {
		return Specials{}, errors.New("uniqueness: between 1 and 24 columns, and combinations of at most as many")
	}
	rows := len(columns[0])
	if rows == 0 {
		return Specials{Largest: largest, BySize: make([]int, largest), Score: []float64{}}, nil
	}
	s := Specials{Largest: largest, BySize: make([]int, largest), Score: make([]float64, rows)}
	found := make([][]uint32, rows) // of each row, by combination
	for size := 1; size <= largest; size++ {
		weight := 1.
		for i := size; i <= largest; i++ {
			weight *= float64(max(1, n-i))
		}
		for set := uint32(1); set < 1<<n; set++ {
			if bits.OnesCount32(set) != size {
				continue
			}
			for _, row := range alone(columns, set, rows) {
				if holdsPart(found[row], set) {
					continue
				}
				found[row] = append(found[row], set)
				s.BySize[size-1]++
				s.Score[row] += weight
			}
		}
	}
	for row := range found {
		if len(found[row]) > 0 {
			s.Rows++
		}
		s.Highest = max(s.Highest, s.Score[row])
	}
	return s, nil
}

// alone are the rows that alone have their values in a set of columns.
func alone(columns [][]int32, set uint32, rows int) []int {
	var chosen [][]int32
	var width []int32
	cells := 1
	for c := range columns {
		if set>>c&1 == 1 {
			values := 1 + slices.Max(columns[c])
			chosen, width = append(chosen, columns[c]), append(width, values)
			cells *= int(values)
			if cells > most {
				return aloneByText(columns, set, rows)
			}
		}
	}
	count, cell := make([]int32, cells), make([]int32, rows)
	for row := range rows {
		at := int32(0)
		for i, codes := range chosen {
			at = at*width[i] + codes[row]
		}
		cell[row] = at
		count[at]++
	}
	var out []int
	for row, at := range cell {
		if count[at] == 1 {
			out = append(out, row)
		}
	}
	return out
}

// most is the number of combinations of values that are counted one by one.
const most = 1 << 22

// aloneByText does so where there are too many combinations of values to count each.
func aloneByText(columns [][]int32, set uint32, rows int) []int {
	first := make(map[string]int, rows)
	key := make([]byte, 0, 4*len(columns))
	for row := range rows {
		key = key[:0]
		for c := range columns {
			if set>>c&1 == 1 {
				key = binary.LittleEndian.AppendUint32(key, uint32(columns[c][row]))
			}
		}
		if _, seen := first[string(key)]; seen {
			first[string(key)] = -1
		} else {
			first[string(key)] = row
		}
	}
	var out []int
	for _, row := range first {
		if row >= 0 {
			out = append(out, row)
		}
	}
	return out
}

// holdsPart says whether a combination found before is a part of set.
func holdsPart(found []uint32, set uint32) bool {
	for _, f := range found {
		if f&set == f {
			return true
		}
	}
	return false
}
