package national

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/entscope/entscope/ingest/directory"
)

// ParentDevices are the visits of parents by device, of each school in one school year.
type ParentDevices struct {
	SchoolYear string
	Synthetic  bool
	Schools    []SchoolDevices // by UAI
	Warnings   []string
}

// SchoolDevices are those of a school. Level, IPSTenths and Pupils are of the IPS file
// of the nearest year; 0 and "" where there is none.
type SchoolDevices struct {
	UAI, Level        string
	IPSTenths, Pupils int64
	Smartphone, All   int64
}

// completeWeeks are those of a school year that is not the current one.
const completeWeeks = 36

// Digest is the SHA-256 of what some files hold, whatever their names and order.
func Digest(ctx context.Context, files []string) (string, error) {
	inputs, err := identify(ctx, files)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, in := range inputs {
		_, _ = io.WriteString(sum, in.SHA256)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// ReadParentDevices reads files of profils-appareils and of IPS; others are passed over.
func ReadParentDevices(ctx context.Context, files []string, threads int) (*ParentDevices, error) {
	inputs, err := identify(ctx, files)
	if err != nil {
		return nil, err
	}
	label(inputs)
	b := builder{inputs: inputs, seen: newSchools(), registers: registers{given: map[Kind]bool{}}}
	some := b.of(ProfileDevices)
	if len(some) == 0 {
		return nil, fmt.Errorf("%w: %s is not among them", ErrUnknown, ProfileDevices.Dataset())
	}
	found := map[deviceWeek]deviceCount{}
	for _, in := range some {
		if err := b.collectDevices(ctx, in, threads, found); err != nil {
			return nil, fmt.Errorf("%s: %w", in.Name, err)
		}
	}
	if err := b.readRegisters(); err != nil {
		return nil, err
	}
	for _, in := range inputs {
		if in.tally == nil {
			in.tally = newTally()
		}
	}
	b.account()
	out := &ParentDevices{SchoolYear: lastComplete(found), Synthetic: synthetic(b.seen), Warnings: b.manifest.Warnings}
	out.Schools = b.schoolDevices(out.SchoolYear, found)
	return out, nil
}

type deviceWeek struct {
	uai  uint64
	week int32
}

type deviceCount struct {
	smartphone, all int64
}

// collectDevices adds the visits of parents of a file. Of two rows of one school and
// week the one with more visits stands: they are of two versions of a file, and the
// order of files does not matter.
func (b *builder) collectDevices(ctx context.Context, in *Input, threads int,
	found map[deviceWeek]deviceCount) error {
	var phone int
	var all []int
	for i, c := range columnsOf(ProfileDevices) {
		switch c.name {
		case "visites_parent_smartphone":
			phone = i
			all = append(all, i)
		case "visites_parent_ordinateur", "visites_parent_tablette", "visites_parent_autresappareil":
			all = append(all, i)
		}
		if slices.Contains(all, i) && in.layout.numbers[i] < 0 {
			return fmt.Errorf("%w: no column %s, and without it a share is none", ErrDamaged, c.name)
		}
	}
	var mutex sync.Mutex
	emit := func(r *row, _ place) error {
		c := deviceCount{smartphone: r.values[phone]}
		for _, i := range all {
			if r.values[i] == null { // a share of three classes is none
				return nil
			}
			c.all += r.values[i]
		}
		mutex.Lock()
		defer mutex.Unlock()
		key := deviceWeek{r.uai, r.week}
		if was, ok := found[key]; !ok || c.all > was.all {
			found[key] = c
		}
		return nil
	}
	decoders, err := in.decoders(ctx, threads, func() *decoder { return newDecoder(in.layout, emit) })
	if err != nil {
		return err
	}
	for _, d := range decoders {
		b.seen.add(d.schools)
	}
	return in.settle()
}

// lastComplete is the last school year with as many weeks as a whole one, or else the
// one with most.
func lastComplete(found map[deviceWeek]deviceCount) string {
	weeks := map[int32]bool{}
	for key := range found {
		weeks[key.week] = true
	}
	of := map[string]int{}
	for w := range weeks {
		of[schoolYear(w)]++
	}
	best := ""
	for _, year := range slices.Sorted(maps.Keys(of)) {
		if of[year] >= completeWeeks || of[year] > of[best] && of[best] < completeWeeks {
			best = year
		}
	}
	return best
}

// schoolDevices adds up the weeks of a school year.
func (b *builder) schoolDevices(year string, found map[deviceWeek]deviceCount) []SchoolDevices {
	sums := map[uint64]*SchoolDevices{}
	for key, c := range found {
		if schoolYear(key.week) != year {
			continue
		}
		s := sums[key.uai]
		if s == nil {
			s = &SchoolDevices{UAI: uai(key.uai)}
			sums[key.uai] = s
		}
		s.Smartphone += c.smartphone
		s.All += c.all
	}
	social := nearestIPS(b.registers.ips, year)
	var list []SchoolDevices
	for _, key := range slices.Sorted(maps.Keys(sums)) {
		s := sums[key]
		if seen := b.seen.by[key]; seen != nil {
			s.Level = directory.SchoolLevel(seen.said[fNature-fAcademie])
		}
		if r, ok := social[s.UAI]; ok {
			s.IPSTenths, s.Pupils = max(int64(r.ips), 0), max(r.pupils, 0)
			if s.Level == "" {
				s.Level = r.level
			}
		}
		list = append(list, *s)
	}
	return list
}

// nearestIPS is the row of the year nearest to a school year, an earlier one of two as
// near, of each school that has an IPS.
func nearestIPS(rows []registerRow, year string) map[string]registerRow {
	first := func(name string) int {
		n, _ := strconv.Atoi(name[:min(4, len(name))]) // 0 of a file that tells no year
		return n
	}
	to := first(year)
	near := map[string]registerRow{}
	for _, r := range rows {
		was, ok := near[r.uai]
		a, c := max(to-first(r.year), first(r.year)-to), max(to-first(was.year), first(was.year)-to)
		if r.ips != null && (!ok || a < c || a == c && r.year < was.year) {
			near[r.uai] = r
		}
	}
	return near
}
