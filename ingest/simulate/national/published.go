package national

import (
	"math/bits"
	"time"
)

// What has been published of the real files: their rows, and sums of visits. Sources in
// ingest/format/FORMATS.md, section of the national open data.

// publishedLast is the last Monday of the files that the numbers were read of.
var publishedLast = day(2026, time.September, 21)

const (
	publishedRows    = 3_896_557 // of profils
	publishedSchools = 30_026    // measured in publishedYear
	publishedYear    = 2025
	earlierSchools   = 7_060 // measured in earlierYear
	earlierYear      = 2023
	// Of 2025-2026.
	publishedYearRows  = 1_476_743
	publishedYearUsers = 143_170_883
	corseYearRows      = 3_207
	corseYearVisits    = 2_945_299
	corseYearUsers     = 687_455
)

// publishedAcademies are the rows of an académie in profils over all years.
var publishedAcademies = map[string]int64{
	"Lille": 326_879, "Versailles": 303_524, "Nantes": 267_250, "Créteil": 265_283, "Rennes": 256_027,
	"Toulouse": 224_161,
	"Corse":    15_170, "Guyane": 13_092, "Mayotte": 12_648,
}

// publishedFiles are the rows of the other files.
var publishedFiles = map[string]int64{
	"profils": publishedRows, "services": 3_093_552, "profils-appareils": 1_479_646, "appareils": 3_881_534,
}

// target is a sum of visits of one item that a file must have, over a school year or,
// with year 0, over all; of one académie, or of all the others.
type target struct {
	file, item string
	year       int
	corse      bool
	total      int64
}

// restItem stands for the visits of no profile, which the file does not have alone.
const restItem = "globales"

// published are the sums of the files. What was not published is made up so that it
// fits: the staff of 2024-2025, whose row has no total.
func published() []target {
	list := []target{
		{"profils", "enseignant", 2024, false, 106_113_305}, {"profils", "eleve", 2024, false, 468_195_843},
		{"profils", "parent", 2024, false, 182_226_220}, {"profils", "admin_vie_scol_tech", 2024, false, 14_000_000},
		{"profils", restItem, 2024, false, 771_736_489 - 106_113_305 - 468_195_843 - 182_226_220 - 14_000_000},
		{"services", "courrier_electronique", 2025, false, 198_425_504}, {"services", "services_vie_scolaire", 2025,
			false, 197_863_169},
		{"services", "cahier_textes", 2025, false, 64_388_531}, {"services", "production_collaborative", 2025, false,
			47_463_878},
		{"services", "notes", 2025, false, 1_644}, {"services", "notes", 2026, false, 0},
		{"services", "accueil", 0, false, 2_573_827_261}, {"services", "notes", 0, false, 197_507_603 - 1_644},
		{"profils-appareils", "parent_smartphone", 2025, false, 101_170_716},
		{"profils-appareils", "parent_ordinateur", 2025, false, 22_096_691},
		{"profils-appareils", "parent_tablette", 2025, false, 585_539},
		{"profils-appareils", "eleve_smartphone", 2025, false, 108_531_590},
		{"profils-appareils", "eleve_ordinateur", 2025, false, 89_240_445},
		{"profils-appareils", "eleve_tablette", 2025, false, 3_995_791},
	}
	const all = 649_492_449
	left := int64(corseYearVisits)
	for _, t := range []target{
		{"profils", "enseignant", 2025, false, 124_802_399}, {"profils", "eleve", 2025, false, 261_014_932},
		{"profils", "parent", 2025, false, 243_368_682}, {"profils", "admin_vie_scol_tech", 2025, false, 19_377_465},
	} {
		corse := t
		corse.corse, corse.total = true, t.total*corseYearVisits/all
		left -= corse.total
		t.total -= corse.total
		list = append(list, t, corse)
	}
	return append(list, target{"profils", restItem, 2025, true, left}, target{"profils", restItem, 2025, false,
		928_971 - left})
}

// share hands out a total in proportion to weights, one after the other, so that what
// is handed out adds up to it.
type share struct {
	total, all, before uint64
	given              uint64
}

// next is the part of a weight: total·(before+weight)/all, less what is given.
func (s *share) next(weight int64) int64 {
	if s.all == 0 {
		return 0
	}
	s.before += uint64(weight)
	high, low := bits.Mul64(s.total, min(s.before, s.all))
	until, _ := bits.Div64(high, low, s.all)
	part := until - s.given
	s.given = until
	return int64(part)
}

// apportion divides a total in proportion to weights.
func apportion(total int64, weights []float64) []int64 {
	var all float64
	for _, w := range weights {
		all += w
	}
	parts := make([]int64, len(weights))
	var before float64
	var given int64
	for i, w := range weights {
		before += w
		until := total
		if i < len(weights)-1 {
			until = int64(before / all * float64(total))
		}
		parts[i] = until - given
		given = until
	}
	return parts
}

// scale gives the rows of a file the published sums. It is told all rows twice, in one
// order: first their weights, then to be changed.
type scale struct {
	items  map[string]int
	shares map[target]*share // total left out of the key
	users  map[bool]*share   // of the total of profils in 2025-2026, by Corse
	named  map[[2]int]bool   // item and year that have a target of their own
	every  map[int]bool      // items with one over all years
}

func newScale(f *file) *scale {
	s := &scale{items: map[string]int{}, shares: map[target]*share{}, users: map[bool]*share{},
		named: map[[2]int]bool{}, every: map[int]bool{}}
	for i, item := range f.items {
		s.items[item] = i
	}
	for _, t := range published() {
		if t.file != f.name {
			continue
		}
		total := uint64(t.total)
		t.total = 0
		s.shares[t] = &share{total: total}
		if i := s.items[t.item]; t.year == 0 {
			s.every[i] = true
		} else {
			s.named[[2]int{i, t.year}] = true
		}
	}
	if f.name == "profils" {
		s.users[true] = &share{total: corseYearUsers, all: corseYearVisits}
		s.users[false] = &share{total: publishedYearUsers - corseYearUsers, all: 649_492_449 - corseYearVisits}
	}
	return s
}

// of is the share that an item of a row belongs to; nil without one.
func (s *scale) of(f *file, item, year int, corse bool) *share {
	t := target{file: f.name, item: f.items[item], year: year}
	switch {
	case s.named[[2]int{item, year}]:
		t.corse = corse && f.name == "profils" && year == publishedYear
	case s.every[item]:
		t.year = 0
	default:
		return nil
	}
	return s.shares[t]
}

// weigh adds a row's visits to the weights.
func (s *scale) weigh(f *file, year int, corse bool, visits []int64) {
	for i, v := range visits {
		if share := s.of(f, i, year, corse); share != nil {
			share.all += uint64(max(v, 0))
		}
	}
}

// change gives a row its parts of the sums.
func (s *scale) change(f *file, year int, corse bool, visits, users []int64) {
	for i, v := range visits {
		if share := s.of(f, i, year, corse); share != nil {
			visits[i] = share.next(max(v, 0))
			users[i] = min(users[i], visits[i])
		}
	}
	if f.name != "profils" {
		return
	}
	for _, v := range visits[1:] { // the first number was that of no profile
		visits[0] += v
	}
	users[0] = min(max(users[0], users[1]), visits[0])
	if year == publishedYear {
		users[0] = s.users[corse].next(visits[0])
	}
}
