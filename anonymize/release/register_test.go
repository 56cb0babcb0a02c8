package release

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/pseudonym"
)

func lastingKey(t *testing.T, first byte) *pseudonym.LastingKey {
	t.Helper()
	var raw [32]byte
	for i := range raw {
		raw[i] = byte(i*i*37) ^ first ^ byte(i<<5)
	}
	file := filepath.Join(t.TempDir(), "master.key")
	if err := pseudonym.RestoreKey(file, nil, raw); err != nil {
		t.Fatal(err)
	}
	master, err := pseudonym.LoadKey(file, "")
	if err != nil {
		t.Fatal(err)
	}
	key, err := master.Lasting()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// census is one of persons 1 to n in schools 1 to s, a hundred in each and the others in
// the last; those of changed did something else.
func census(n, s int, changed ...int) *Census {
	c := &Census{places: map[uint64]place{}}
	for i := range s {
		c.schools, c.references, c.groups = append(c.schools, int64(i+1)), append(c.references, 7),
			append(c.groups, groups{})
		c.places[uint64(i)] = place{}
	}
	content := make([]uint64, n+1)
	for _, p := range changed {
		content[p] = 1
	}
	for p := 1; p <= n; p++ {
		c.persons.add(mix(uint64(p))<<contentBits | content[p])
		c.known.add(mix(uint64(p)) << contentBits)
		school := uint64(min((p-1)/100, s-1))
		at := c.places[school]
		at.add(uint64(p), content[p])
		c.places[school] = at
	}
	return c
}

func candidate(name, made string, c *Census) Candidate {
	return Candidate{Kind: "research", Subject: "parent", Name: name, Study: "s", Made: made, Start: "2025-09-01", End: "2025-12-31",
		Draw: drawn(c, ""), Floors: "20", Config: "c", Census: c}
}

// drawn names a draw of the noise.
func drawn(c *Census, asked string) string {
	return fmt.Sprintf("%x%s", sha256.Sum256(c.marshal()), asked)
}

func upTo(n int) (persons []int) {
	for p := range n {
		persons = append(persons, p+1)
	}
	return persons
}

var rules = Rules{Small: 11, Schools: 3, Most: 4}

// open reads the register again, as another run would.
func open(t *testing.T, path string, key *pseudonym.LastingKey) *Register {
	t.Helper()
	r, err := Open(path, key)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func first(t *testing.T) (path string, key *pseudonym.LastingKey) {
	t.Helper()
	path, key = filepath.Join(t.TempDir(), "master.key.register"), lastingKey(t, 1)
	r := open(t, path, key)
	c := candidate("research-T1", "a", census(500, 5))
	v, err := r.Admit(c, rules)
	if err != nil {
		t.Fatal(err)
	}
	if !v.Persons {
		t.Fatal("the first edition holds no rows of persons")
	}
	if _, err := r.Book(c, Verdict{Persons: true}); err != nil {
		t.Fatal(err)
	}
	return path, key
}

func TestAdmit(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Candidate)
		err    error
		rows   bool
	}{
		"the same again":             {func(c *Candidate) { c.Name, c.Made = "research-T1", "a" }, nil, true},
		"made anew, equal":           {func(*Candidate) {}, nil, false},
		"made anew, and it is there": {func(c *Candidate) { c.Newest = "research-T1" }, ErrSame, false},
		"by another study":           {func(c *Candidate) { c.Newest, c.Config = "research-T1", "d" }, nil, false},
		"asked otherwise":            {func(c *Candidate) { c.Newest, c.Draw = "research-T1", "other" }, nil, false},
		"one person did more":        {func(c *Candidate) { c.Census = census(500, 5, 7) }, ErrNear, false},
		"one person left":            {func(c *Candidate) { c.Census = census(499, 5) }, ErrNear, false},
		"ten persons joined":         {func(c *Candidate) { c.Census = census(510, 5) }, ErrNear, false},
		"and it is there": {func(c *Candidate) {
			c.Census, c.Standing = census(499, 5), []string{"research-T1"}
		}, ErrStands, false},
		"thirty of a school left": {func(c *Candidate) { c.Census = census(470, 5) }, nil, false},
		"many of a school did more": {func(c *Candidate) {
			c.Census = census(500, 5, upTo(30)...)
		}, nil, false},
		"many, and one of another school": {func(c *Candidate) {
			c.Census = census(500, 5, append(upTo(30), 107)...)
		}, ErrNear, false},
		"many, and ten of another school": {func(c *Candidate) {
			c.Census = census(490, 5, upTo(30)...)
		}, ErrNear, false},
		"many of a school, one of another, in other weeks": {func(c *Candidate) {
			c.End, c.Census = "2025-12-24", census(500, 5, append(upTo(30), 107)...)
		}, nil, false},
		"many of a school, one of another, in the whole year": {func(c *Candidate) {
			c.End, c.Census = "2026-07-03", census(500, 5, append(upTo(30), 107)...)
		}, nil, false},
		"one person did more, in other weeks": {func(c *Candidate) {
			c.End, c.Census = "2025-12-24", census(500, 5, 7)
		}, ErrNear, false},
		"other noise": {func(c *Candidate) { c.Noise = "b 0.2" }, ErrNoise, false},
		"other noise, of the next period": {func(c *Candidate) {
			c.Noise, c.Start, c.End = "b 0.2", "2026-01-01", "2026-03-31"
		}, nil, true},
		"a school less":      {func(c *Candidate) { c.Census = census(400, 4) }, ErrMoved, false},
		"three schools less": {func(c *Candidate) { c.Census = census(200, 2) }, nil, false},
		"a school less, in other weeks": {func(c *Candidate) {
			c.End, c.Census = "2025-12-24", census(400, 4)
		}, ErrMoved, false},
		"a school less, in the whole year": {func(c *Candidate) {
			c.End, c.Census = "2026-07-03", census(400, 4)
		}, ErrMoved, false},
		"other noise, of the other kind": {func(c *Candidate) { c.Kind, c.Noise = "schools", "b 0.2" }, ErrNoise, true},
		"a school of another band":       {func(c *Candidate) { c.Census.references[2]++ }, ErrMoved, false},
		"a school of another band, in other weeks": {func(c *Candidate) {
			c.End = "2025-12-24"
			c.Census.references[2]++
		}, ErrMoved, false},
		"of another band, and it is there": {func(c *Candidate) {
			c.Census.references[2]++
			c.Standing = []string{"research-T1"}
		}, ErrStands, false},
		"other floors": {func(c *Candidate) { c.Floors = "11" }, ErrNoise, false},
		"other floors, of the other kind": {func(c *Candidate) {
			c.Kind, c.Floors = "schools", "11"
		}, nil, true},
		"the next period, a person less": {func(c *Candidate) {
			c.Start, c.End, c.Census = "2026-01-01", "2026-03-31", census(499, 5)
		}, nil, false},
		"the next period, thirty less": {func(c *Candidate) {
			c.Start, c.End, c.Census = "2026-01-01", "2026-03-31", census(470, 5)
		}, nil, false},
		"a year on, a person less": {func(c *Candidate) {
			c.Start, c.End, c.Census = "2026-09-03", "2026-12-18", census(499, 5)
		}, nil, false},
		"a year on, thirty less": {func(c *Candidate) {
			c.Start, c.End, c.Census = "2026-09-03", "2026-12-18", census(470, 5)
		}, nil, true},
		"two schools for another": {func(c *Candidate) {
			c.Census.schools = []int64{1, 2, 3, 6}
			c.Census.references, c.Census.groups = c.Census.references[:4], c.Census.groups[:4]
		}, ErrMoved, false},
		"a week less":          {func(c *Candidate) { c.End = "2025-12-24" }, nil, false},
		"another study's name": {func(c *Candidate) { c.Study, c.Census = "copy", census(499, 5) }, ErrNear, false},
		"the next period":      {func(c *Candidate) { c.Start, c.End = "2026-01-01", "2026-03-31" }, nil, true},
		"other schools": {func(c *Candidate) {
			c.Census.schools, c.Census.references, c.Census.places = []int64{77}, []uint64{7}, nil
			c.Census.groups = c.Census.groups[:1]
		}, nil, true},
		"an edition of schools":  {func(c *Candidate) { c.Kind, c.Census = "schools", census(499, 5) }, nil, true},
		"a longer period, as it": {func(c *Candidate) { c.End = "2026-01-31" }, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			path, key := first(t)
			c := candidate("research-T1.2", "b", census(500, 5))
			test.change(&c)
			r := open(t, path, key)
			if c.Draw != "other" {
				c.Draw = drawn(c.Census, "")
			}
			v, err := r.Admit(c, rules)
			if !errors.Is(err, test.err) {
				t.Fatalf("got %v, want %v", err, test.err)
			}
			if err == nil && v.Persons != test.rows {
				t.Errorf("rows of persons: %v, want %v", v.Persons, test.rows)
			}
		})
	}
}

// Schools are counted where cells are: of three that leave, one may be the only one of its level that does.
func TestAdmitPartsOfGroups(t *testing.T) {
	for name, test := range map[string]struct {
		levels []uint16 // of the nine schools of the first edition; the last three are not in the second
		err    error
	}{
		"three of a level":       {[]uint16{1, 1, 1, 2, 2, 2, 1, 1, 1}, nil},
		"one alone of its level": {[]uint16{1, 1, 1, 2, 2, 2, 1, 1, 2}, ErrMoved},
		"all of a level":         {[]uint16{1, 1, 1, 1, 1, 1, 2, 2, 2}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := open(t, filepath.Join(t.TempDir(), "master.key.register"), lastingKey(t, 1))
			c := candidate("research-a", "a", census(900, 9))
			for i, level := range test.levels {
				c.Census.groups[i][0] = level
			}
			if _, err := r.Book(c, Verdict{}); err != nil {
				t.Fatal(err)
			}
			d := candidate("research-b", "b", census(600, 6))
			d.Draw = "another"
			copy(d.Census.groups, c.Census.groups)
			if _, err := r.Admit(d, rules); !errors.Is(err, test.err) {
				t.Errorf("got %v, want %v", err, test.err)
			}
		})
	}
}

// Two editions without a common school leave one school of a third between them.
func TestAdmitPartsOfStrangers(t *testing.T) {
	r := open(t, filepath.Join(t.TempDir(), "master.key.register"), lastingKey(t, 1))
	for i, schools := range [][]int64{{1, 2, 3, 4, 5, 6, 7}, {1, 2, 3}, {5, 6, 7}} {
		c := candidate("research-"+string(rune('a'+i)), string(rune('a'+i)), census(100*len(schools), len(schools)))
		c.Census.schools, c.Draw = schools, string(rune('a'+i))
		_, err := r.Admit(c, rules)
		if last := i == 2; errors.Is(err, ErrMoved) != last {
			t.Fatalf("edition %d: %v", i, err)
		}
		if _, err := r.Book(c, Verdict{}); err != nil {
			t.Fatal(err)
		}
	}
}

// Three editions that pairwise differ by three schools tell one of them apart.
func TestAdmitPartsOfThree(t *testing.T) {
	r := open(t, filepath.Join(t.TempDir(), "master.key.register"), lastingKey(t, 1))
	for i, schools := range [][]int64{
		{1, 2, 3, 4, 5, 6, 7}, {1, 2, 3, 8, 9, 10, 4, 5, 6, 7}, {1, 2, 3, 10, 11, 12, 4, 5, 6, 7},
	} {
		c := candidate("research-"+string(rune('a'+i)), string(rune('a'+i)), census(100*len(schools), len(schools)))
		slices.Sort(schools)
		c.Census.schools = schools
		_, err := r.Admit(c, rules)
		if last := i == 2; errors.Is(err, ErrMoved) != last {
			t.Fatalf("edition %d: %v", i, err)
		}
		if _, err := r.Book(c, Verdict{}); err != nil {
			t.Fatal(err)
		}
	}
}

// The noise is one draw for the same persons with the same content, whatever their order, and another where one
// person differs or under another master key.
func TestDraw(t *testing.T) {
	r := open(t, filepath.Join(t.TempDir(), "master.key.register"), lastingKey(t, 1))
	first := r.Draw(census(500, 5), "")
	if again := r.Draw(census(500, 5), ""); again != first {
		t.Error("the same persons have another draw")
	}
	if left := r.Draw(census(499, 5), ""); left == first {
		t.Error("a person less has the same draw")
	}
	if moved := r.Draw(census(500, 5), "a deadline"); moved == first {
		t.Error("other content has the same draw")
	}
	if did := r.Draw(census(500, 5, 7), ""); did == first {
		t.Error("a person who did something else has the same draw")
	}
	if other := open(t, filepath.Join(t.TempDir(), "b"), lastingKey(t, 2)).Draw(census(500, 5), ""); other == first {
		t.Error("another master key has the same draw")
	}
}

// What the directory says of the same persons leaves with noise of its own in each period: of so many a year.
func TestAdmitCountsDraws(t *testing.T) {
	r := open(t, filepath.Join(t.TempDir(), "master.key.register"), lastingKey(t, 1))
	for i, of := range []struct {
		start, end string
		err        error
	}{
		{"2025-09-01", "2025-12-31", nil}, {"2026-01-01", "2026-03-31", nil}, {"2026-04-01", "2026-07-03", nil},
		{"2025-09-01", "2026-07-03", nil}, {"2026-07-04", "2026-07-31", ErrSpent},
		{"2026-07-04", "2027-09-30", ErrSpent}, {"2026-09-01", "2026-12-18", nil},
	} {
		c := candidate("research-"+string(rune('a'+i)), string(rune('a'+i)), census(500, 5))
		c.Start, c.End = of.start, of.end
		c.Draw = of.start + of.end // of other persons each
		if _, err := r.Admit(c, rules); !errors.Is(err, of.err) {
			t.Fatalf("%s to %s: %v, want %v", of.start, of.end, err, of.err)
		} else if err != nil {
			continue
		}
		if _, err := r.Book(c, Verdict{}); err != nil {
			t.Fatal(err)
		}
	}
}

// Made again from the same persons, after key rotate or by another policy of the rows of persons, an edition has the
// cells of the first.
func TestAdmitTheSameAgain(t *testing.T) {
	path, key := first(t)
	r := open(t, path, key)
	for i := range 6 {
		c := candidate("research-T1."+string(rune('2'+i)), string(rune('b'+i)), census(500, 5))
		if _, err := r.Admit(c, rules); err != nil {
			t.Fatalf("the same for the %d. time: %v", i+2, err)
		}
		if _, err := r.Book(c, Verdict{}); err != nil {
			t.Fatal(err)
		}
	}
	c := candidate("research-T1.9", "x", census(500, 5))
	for i := range 6 {
		c.Config, c.Made, c.Told = "other "+string(rune('a'+i)), string(rune('p'+i)), []byte{1}
		if _, err := r.Admit(c, rules); err != nil {
			t.Fatalf("another policy, the %d.: %v", i+1, err)
		}
		if _, err := r.Book(c, Verdict{}); err != nil {
			t.Fatal(err)
		}
	}
	c.Made, c.Told = "z", []byte{2}
	if _, err := r.Book(c, Verdict{}); !errors.Is(err, ErrOtherCells) {
		t.Errorf("other cells of the same noise: %v, want ErrOtherCells", err)
	}
	if c.Draw = r.Redraw(c.Draw, c.Told); c.Draw == drawn(c.Census, "") {
		t.Error("the same noise again")
	}
	if _, err := r.Book(c, Verdict{}); err != nil {
		t.Errorf("with noise of its own: %v", err)
	}
}

// What must not be known of a school leaves once of a day and of a subject, one family by itself: what an earlier edition
// of another draw told, and nothing else.
func TestUnnamedLeaveOnceOfADay(t *testing.T) {
	many, all, contacts := census(470, 5), edition.Families(), []string{edition.FamilyContacts}
	few := []string{edition.FamilyContacts, edition.FamilyGuardians}
	next := func(c *Candidate) { c.Start, c.End, c.Census = "2026-01-01", "2026-03-31", many }
	told := func(families []string) func(*Entry) { return func(e *Entry) { e.Families = families } }
	older := func(e *Entry) { e.Subject, e.Families = "", nil } // written before families were booked
	withoutRows := func(of func(*Entry)) func(*Entry) { return func(e *Entry) { of(e); e.Persons = false } }
	for name, test := range map[string]struct {
		earlier  func(*Entry)
		change   func(*Candidate)
		recalled bool
		want     []string
	}{
		"of one draw":                  {told(all), func(*Candidate) {}, false, nil},
		"thirty less":                  {told(all), func(c *Candidate) { c.Census = many }, false, all},
		"asked otherwise":              {told(all), func(c *Candidate) { c.Draw = "other" }, false, all},
		"thirty less, taken back":      {told(all), func(c *Candidate) { c.Census = many }, true, nil},
		"thirty less, of the year":     {told(all), func(c *Candidate) { c.End, c.Census = "2026-07-03", many }, false, all},
		"thirty less, of the next":     {told(all), next, false, contacts},
		"the next, taken back":         {told(all), next, true, nil},
		"nobody less, of the next":     {told(all), func(c *Candidate) { next(c); c.Census = census(500, 5) }, false, nil},
		"thirty less, of other cells":  {told(all), func(c *Candidate) { c.Kind, c.Census = "schools", many }, false, nil},
		"thirty less, by another name": {told(all), func(c *Candidate) { c.Study, c.Census = "copy", many }, false, all},
		"a register that came later":   {told(few), func(c *Candidate) { c.Draw = "late" }, false, few},
		"nothing, with rows":           {told(nil), func(c *Candidate) { c.Draw = "late" }, false, nil},
		"an older line, told in a column of the rows": {
			func(e *Entry) { older(e); e.Unnamed = "research-T0" }, func(c *Candidate) { c.Draw = "late" }, false, contacts,
		},
		"of pupils":                          {told(all), func(c *Candidate) { c.Subject, c.Draw = "pupil", "pupils" }, false, nil},
		"of pupils, of the next":             {told(all), func(c *Candidate) { next(c); c.Subject = "pupil" }, false, nil},
		"contacts without rows, of the next": {withoutRows(told(contacts)), next, false, contacts},
		"none without rows, of the next":     {withoutRows(told(nil)), next, false, nil},
		"an older line":                      {older, func(c *Candidate) { c.Draw = "late" }, false, all},
		"an older line, of pupils":           {older, func(c *Candidate) { c.Subject, c.Draw = "pupil", "pupils" }, false, all},
		"an older line without rows":         {withoutRows(older), next, false, contacts},
		"an older line that told nothing": {
			withoutRows(func(e *Entry) { older(e); e.Unnamed = "research-T0" }), func(c *Candidate) { c.Draw = "late" }, false, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			path, key := filepath.Join(t.TempDir(), "master.key.register"), lastingKey(t, 1)
			r := open(t, path, key)
			e := Entry{Kind: "research", Name: "research-T1", Made: "a", Start: "2025-09-01", End: "2025-12-31", Floors: "20",
				Subject: "parent", Persons: true, Draw: drawn(census(500, 5), "")}
			test.earlier(&e)
			if err := r.append(e, census(500, 5)); err != nil {
				t.Fatal(err)
			}
			if test.recalled {
				if err := recall(r, "research-T1"); err != nil {
					t.Fatal(err)
				}
			}
			c := candidate("research-T1.2", "b", census(500, 5))
			if test.change(&c); c.Draw == drawn(census(500, 5), "") {
				c.Draw = drawn(c.Census, "")
			}
			v, err := open(t, path, key).Admit(c, rules)
			if err != nil {
				t.Fatal(err)
			}
			if got := slices.Sorted(maps.Keys(v.Unnamed)); !slices.Equal(got, test.want) {
				t.Errorf("left without %q, want %q", got, test.want)
			}
			for family, name := range v.Unnamed {
				if name != "research-T1" {
					t.Errorf("%s is said to be in %q", family, name)
				}
			}
			if test.recalled {
				return
			}
			if _, err := r.Book(c, v); err != nil {
				t.Fatal(err)
			}
			if again, err := open(t, path, key).Admit(c, rules); err != nil || !maps.Equal(again.Unnamed, v.Unnamed) {
				t.Errorf("booked with %q, and then %q: %v", v.Unnamed, again.Unnamed, err)
			}
		})
	}
}

// Each family is left to the edition that told it: one that withheld it is none by which others are withheld.
func TestUnnamedOfSeveral(t *testing.T) {
	r := open(t, filepath.Join(t.TempDir(), "master.key.register"), lastingKey(t, 1))
	want := map[string]string{}
	for i, tells := range [][]string{{"contacts", "guardians"}, {"N5"}, {}} {
		c := candidate("research-"+string(rune('a'+i)), string(rune('a'+i)), census(500, 5))
		c.Draw = c.Name
		v, err := r.Admit(c, rules)
		if err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(v.Unnamed, want) {
			t.Errorf("%s is left without %v, want %v", c.Name, v.Unnamed, want)
		}
		c.Families = tells
		if _, err := r.Book(c, v); err != nil {
			t.Fatal(err)
		}
		for _, family := range tells {
			want[family] = c.Name
		}
	}
	c := candidate("research-x", "x", census(500, 5))
	c.Subject = ""
	if _, err := r.Admit(c, rules); err == nil {
		t.Error("an edition that does not say whose behaviour it studies is admitted")
	}
}

// What may be averaged is bounded by the number of releases, taken back or not.
func TestAdmitCountsEditions(t *testing.T) {
	path, key := first(t)
	r := open(t, path, key)
	for i, persons := range []int{400, 300, 200} {
		c := candidate("research-T1."+string(rune('2'+i)), string(rune('b'+i)), census(persons, 5))
		if _, err := r.Admit(c, rules); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Book(c, Verdict{Earlier: "research-T1"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := recall(r, "research-T1.3"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Admit(candidate("research-T1.5", "e", census(100, 5)), rules); !errors.Is(err, ErrSpent) {
		t.Errorf("a fifth edition: got %v, want ErrSpent", err)
	}
}

// Taken back, an edition no longer holds the rows of persons of its period.
func TestRecall(t *testing.T) {
	path, key := first(t)
	r := open(t, path, key)
	if err := recall(r, "research-T9"); err == nil {
		t.Error("a release that never was is taken back")
	}
	if err := recall(r, "research-T1"); err != nil {
		t.Fatal(err)
	}
	v, err := open(t, path, key).Admit(candidate("research-T1.2", "b", census(499, 5)), rules)
	if err != nil {
		t.Fatal(err)
	}
	if !v.Persons {
		t.Error("no rows of persons although those that left were taken back")
	}
	entered, err := r.Book(candidate("research-T1", "a", census(500, 5)), Verdict{Persons: true})
	if err != nil {
		t.Fatal(err)
	}
	if !entered {
		t.Error("what was taken back leaves again, and the register does not know it")
	}
}

// What was removed in the run that made it never left.
func TestWithdraw(t *testing.T) {
	path, key := first(t)
	r := open(t, path, key)
	if err := r.Withdraw("research-T1"); err != nil {
		t.Fatal(err)
	}
	again := open(t, path, key)
	if again.Named("research-T1", "b") {
		t.Error("a release that never left keeps its name")
	}
	c := candidate("research-T1", "b", census(499, 5))
	v, err := again.Admit(c, Rules{Small: 11, Most: 1})
	if err != nil {
		t.Fatal(err)
	}
	if !v.Persons {
		t.Error("no rows of persons although none have left")
	}
	if _, err := again.Book(c, Verdict{Persons: true}); err != nil {
		t.Fatal(err)
	}
	if err := recall(again, "research-T1"); err != nil {
		t.Errorf("the release that bears the name now: %v", err)
	}
}

func TestDamageIsNoticed(t *testing.T) {
	path, key := first(t)
	r := open(t, path, key)
	if _, err := r.Book(candidate("research-T1.2", "b", census(300, 5)), Verdict{Earlier: "research-T1"}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	for name, text := range map[string][]byte{
		"first line gone": lines[1],
		"lines exchanged": append(append([]byte{}, lines[1]...), lines[0]...),
		"renamed":         bytes.Replace(whole, []byte("research-T1"), []byte("research-T7"), 1),
		"rows denied":     bytes.Replace(whole, []byte(`"persons":true`), []byte(`"persons":false`), 1),
		"a field more":    bytes.Replace(whole, []byte(`{"number"`), []byte(`{"x":1,"number"`), 1),
		"cut in a line":   whole[:len(whole)-20],
		"two on a line":   bytes.Replace(whole, []byte("}\n{"), []byte("}{"), 1),
	} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, key); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: got %v, want ErrDamaged", name, err)
		}
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, lastingKey(t, 2)); !errors.Is(err, ErrDamaged) {
		t.Errorf("another master key: got %v, want ErrDamaged", err)
	}
}

// The register tells neither who nor how many stood behind a release.
func TestCensusIsSealed(t *testing.T) {
	path, _ := first(t)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "other.register")
	r := open(t, other, lastingKey(t, 1))
	if _, err := r.Book(candidate("research-T1", "a", census(7, 5)), Verdict{Persons: true}); err != nil {
		t.Fatal(err)
	}
	fewer, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) != len(fewer) {
		t.Errorf("the size tells the number of persons: %d and %d bytes", len(text), len(fewer))
	}
	if bytes.Contains(text, []byte("500")) {
		t.Error("the number of persons stands in the register")
	}
}

// TestContinues: a release knows the head before its own line; a publication may be that of
// an earlier term, which the study no longer names.
func TestContinues(t *testing.T) {
	path, key := first(t)
	r := open(t, path, key)
	for name, c := range map[string]struct {
		own string
		at  edition.Booking
		err error
	}{
		"its own line":        {"research-T1", edition.Booking{}, nil},
		"of any term":         {"research-", edition.Booking{}, nil},
		"another release":     {"research-T2", edition.Booking{}, ErrDamaged},
		"of another kind":     {"published-", edition.Booking{}, ErrDamaged},
		"a run after it":      {"", r.Now(), nil},
		"a line that is gone": {"research-T2", r.Now(), ErrDamaged},
		"another head":        {"", edition.Booking{Lines: 1, Head: "x"}, ErrDamaged},
		"beyond all numbers":  {"research-T1", edition.Booking{Lines: math.MaxInt, Head: "x"}, ErrDamaged},
	} {
		if err := r.Continues("a release", c.own, c.at); !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", name, err, c.err)
		}
	}
}

// TestContinuesNamesTheLine: the first line that is missing, not the last that is there.
func TestContinuesNamesTheLine(t *testing.T) {
	path, key := first(t)
	r := open(t, path, key)
	for want, c := range map[string]struct {
		own string
		at  edition.Booking
	}{
		"with line 2, which it has not": {"schools-T1", r.Now()},
		" line 2, which":                {"", edition.Booking{Lines: 3, Head: "x"}},
		"with another line 1:":          {"schools-T1", edition.Booking{}},
	} {
		if err := r.Continues("a release", c.own, c.at); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestContinuesNothingTakenBack: what a later line takes back does not lie there, and may leave again under a new line.
func TestContinuesNothingTakenBack(t *testing.T) {
	for _, end := range []func(*Register, string) error{recall, (*Register).Withdraw} {
		path, key := first(t)
		r := open(t, path, key)
		if err := end(r, "research-T1"); err != nil {
			t.Fatal(err)
		}
		if err := r.Continues("a release", "research-T1", edition.Booking{}); !errors.Is(err, ErrRecalled) {
			t.Errorf("taken back: %v, want ErrRecalled", err)
		}
		now := r.Now()
		if _, err := r.Book(candidate("research-T1", "a", census(500, 5)), Verdict{Persons: true}); err != nil {
			t.Fatal(err)
		}
		if err := r.Continues("a release", "research-T1", now); err != nil {
			t.Errorf("made again: %v", err)
		}
	}
}

// TestRegisterBeginsOnce: that none was there is said when its first line is, and not before.
func TestRegisterBeginsOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key.register")
	r := open(t, path, lastingKey(t, 1))
	var said []string
	r.Begun = func(file string) { said = append(said, file) }
	if len(said) > 0 {
		t.Error("said before anything was booked")
	}
	for _, name := range []string{"one", "two"} {
		if err := r.BookOwn(Own{Name: name, Made: name}); err != nil {
			t.Fatal(err)
		}
	}
	if len(said) != 1 || said[0] != path {
		t.Errorf("said of %q, want %q once", said, path)
	}
}

// TestFolderIsKeptSealed: a line says in which folder a release was laid to who has the key alone; one without, as an
// earlier version wrote it, opens.
func TestFolderIsKeptSealed(t *testing.T) {
	path, key := first(t)
	r := open(t, path, key)
	laid := candidate("research-T2", "b", census(900, 9))
	laid.Folder = "../some/editions"
	if _, err := r.Book(laid, Verdict{}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"", laid.Folder} {
		e := open(t, path, key).Entries()[i]
		if got, err := r.Folder(e); err != nil || got != want {
			t.Errorf("line %d: %q %v, want %q", e.Number, got, err, want)
		}
		if strings.Contains(string(e.Folder), "editions") {
			t.Errorf("line %d shows its folder", e.Number)
		}
	}
	altered := r.Entries()[1]
	altered.Folder = append([]byte{altered.Folder[0] ^ 1}, altered.Folder[1:]...)
	if _, err := r.Folder(altered); !errors.Is(err, ErrDamaged) {
		t.Errorf("an altered one: %v, want ErrDamaged", err)
	}
}
