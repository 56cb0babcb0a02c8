package national

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest/simulate/random"
)

// file is one of the four of the DNMA. fill gives the numbers of a row: visits and
// users of each item.
type file struct {
	name  string
	items []string
	since int32
	// first tells how many columns of identification stand first; the others are last.
	first int
	fill  func(s *school, week int32, visits, users []int64)
	// keep of the rows, of of them since then, are written.
	keep, of int64
}

var identification = []string{
	"debutSemaine", "UAI", "académie", "commune", "département", "région", "ministère", "circonscription", "nature_uai",
	"secteur",
}

func (w *world) newFiles() []file {
	all := []string{"globales"}
	all = append(all, profileNames[:]...)
	var crossed, names []string
	for _, p := range profileNames {
		for _, d := range deviceNames {
			crossed = append(crossed, p+"_"+d)
		}
	}
	for _, s := range services {
		names = append(names, s.name)
	}
	return []file{
		{name: "profils", items: all, since: firstWeek, first: 10, fill: w.fillProfiles},
		{name: "services", items: names, since: day(2021, time.August, 1), first: 2, fill: w.fillServices},
		{name: "profils-appareils", items: crossed, since: day(2025, time.August, 1), first: 10,
			fill: w.fillProfileDevices},
		{name: "appareils", since: firstWeek, first: 10, fill: w.fillDevices, items: []string{
			"ordinateur", "smartphone", "tablette", "autreAppareil",
			"android", "windows", "ios", "macos", "chromeos", "linux", "autreOS",
			"chromeMobile", "safari", "chrome", "firefox", "edge", "samsungBrowser", "opera", "huaweiBrowser",
			"miuiBrowser",
			"autreNavigateur",
		}},
	}
}

func (w *world) fillProfiles(s *school, week int32, visits, users []int64) {
	d := w.draw(s, week)
	visits[0], users[0] = d.total(), d.allUsers()
	if w.Published { // the sum follows when its parts have been scaled
		visits[0] = d.rest
	}
	copy(visits[1:], d.visits[:])
	copy(users[1:], d.users[:])
}

func (w *world) fillServices(s *school, week int32, visits, users []int64) {
	d := w.draw(s, week)
	r := random.New(w.Seed, random.App, uint64(s.number), uint64(week))
	for i, service := range services {
		factor := noise(r)
		visits[i] = rounded(float64(d.total())*service.share*factor, r.Float64())
		users[i] = min(rounded(float64(visits[i])/2, r.Float64()), visits[i])
		if stopped(service.name, s, week) && !(w.Published && service.name == "notes") {
			visits[i], users[i] = 0, 0
		}
		if service.name == "service_collectivite" && s.number%5 == 0 { // what is not offered
			visits[i], users[i] = -1, -1
		}
	}
}

// noise is a noise of mean 1.
func noise(r random.Stream) float64 { return r.Gamma(20) }

func (w *world) fillProfileDevices(s *school, week int32, visits, users []int64) {
	d := w.draw(s, week)
	r := random.New(w.Seed, random.App, uint64(s.number), uint64(week), 1)
	for p := range profiles {
		at := p * len(deviceNames)
		split(r, d.visits[p], deviceShares[p], 60, visits[at:at+len(deviceNames)])
		for i := at; i < at+len(deviceNames); i++ {
			users[i] = (visits[i] + 2) / 3
		}
	}
}

// systemShares and browserShares are shares of all visits.
var (
	allDeviceShares = []float64{0.55, 0.40, 0.02, 0.03}
	systemShares    = []float64{0.27, 0.46, 0.14, 0.05, 0.03, 0.02, 0.03}
	browserShares   = []float64{0.25, 0.14, 0.34, 0.10, 0.09, 0.03, 0.01, 0.01, 0.01, 0.02}
)

func (w *world) fillDevices(s *school, week int32, visits, users []int64) {
	d := w.draw(s, week)
	r := random.New(w.Seed, random.App, uint64(s.number), uint64(week), 2)
	at := 0
	for _, shares := range [][]float64{allDeviceShares, systemShares, browserShares} {
		split(r, d.total(), shares, 60, visits[at:at+len(shares)])
		at += len(shares)
	}
	for i := range visits {
		users[i] = (visits[i] + 2) / 3
	}
}

// write writes the file: a byte order mark, labels, semicolons, week after week.
func (f *file) write(ctx context.Context, w *world, dir string) (err error) {
	out, err := os.OpenFile(filepath.Join(dir, "dnma", "fr-en-dnma-par-uai-"+f.name+".csv"),
		os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if closed := out.Close(); err == nil {
			err = closed
		}
	}()
	text := bufio.NewWriterSize(out, 1<<20)
	names := append([]string{}, identification[:f.first]...)
	for _, item := range f.items {
		names = append(names, "visites_"+item, "utilisateurs_"+item, "duree_"+item)
	}
	fmt.Fprintf(text, "\ufeff%s\n", strings.Join(append(names, identification[f.first:]...), ";"))
	sums := w.totals.of(f)
	var line []byte
	err = w.rows(ctx, f, func(s *school, week int32, visits, users []int64) error {
		sums.add(week, visits, users)
		line = f.appendRow(line[:0], s, week, visits, users)
		_, err := text.Write(line)
		return err
	})
	if err != nil {
		return err
	}
	return text.Flush()
}

// rowFunc takes a row. The numbers are its own until it returns.
type rowFunc func(s *school, week int32, visits, users []int64) error

// rows hands on the rows of a file, week after week.
func (w *world) rows(ctx context.Context, f *file, hand rowFunc) error {
	if !w.Published {
		return w.draws(ctx, f, hand)
	}
	f.thin(w, publishedFiles[f.name]) // the real file begins later, and lacks some
	scale := newScale(f)
	err := w.draws(ctx, f, func(s *school, week int32, visits, _ []int64) error {
		scale.weigh(f, yearOf(week), s.corse(), visits)
		return nil
	})
	if err != nil {
		return err
	}
	return w.draws(ctx, f, func(s *school, week int32, visits, users []int64) error {
		scale.change(f, yearOf(week), s.corse(), visits, users)
		return hand(s, week, visits, users)
	})
}

// draws draws the rows of a file.
func (w *world) draws(ctx context.Context, f *file, hand rowFunc) error {
	visits, users := make([]int64, len(f.items)), make([]int64, len(f.items))
	kept := sieve{keep: f.keep, of: f.of}
	for _, week := range w.weeks {
		if err := ctx.Err(); err != nil {
			return err
		}
		if week < f.since {
			continue
		}
		for i := range w.schools {
			s := &w.schools[i]
			if !w.measured(s, week) || !kept.next() {
				continue
			}
			f.fill(s, week, visits, users)
			if err := hand(s, week, visits, users); err != nil {
				return err
			}
		}
	}
	return nil
}

// sieve lets through so many rows of so many, evenly; all of them if none are given.
type sieve struct{ keep, of, at int64 }

func (s *sieve) next() bool {
	if s.of == 0 {
		return true
	}
	s.at++
	return s.at*s.keep/s.of > (s.at-1)*s.keep/s.of
}

// thin makes a file begin with the last week from which on it has enough rows, and
// leaves out some of these, evenly.
func (f *file) thin(w *world, rows int64) {
	f.keep, f.of = rows, 0
	for i := len(w.weeks) - 1; i >= 0 && f.of < rows; i-- {
		f.since = w.weeks[i]
		for j := range w.schools {
			if w.measured(&w.schools[j], f.since) {
				f.of++
			}
		}
	}
}

func (f *file) appendRow(b []byte, s *school, week int32, visits, users []int64) []byte {
	ident := [10]string{
		dateText(week), s.uai, s.departement.academie, s.commune(), s.departement.name, s.departement.region,
		"SYNTHETIQUE", s.circonscription(), []string{"Ecole élémentaire", "Collège", "Lycée"}[s.level], []string{"PU",
			"PR"}[bit(s.private)],
	}
	for _, text := range ident[:f.first] {
		b = append(append(b, text...), ';')
	}
	for i := range visits {
		if visits[i] < 0 {
			b = append(b, "N/A;N/A;N/A;"...)
			continue
		}
		b = append(strconv.AppendInt(b, visits[i], 10), ';')
		b = append(strconv.AppendInt(b, users[i], 10), ';')
		b = append(appendDuration(b, visits[i]*421), ';')
	}
	for _, text := range ident[f.first:] {
		b = append(append(b, text...), ';')
	}
	b[len(b)-1] = '\n'
	return b
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s *school) corse() bool { return s.departement.academie == "Corse" }

func (s *school) commune() string { return "Commune " + s.uai[4:7] }

func (s *school) circonscription() string {
	if s.level == 0 {
		return "Circonscription de " + s.departement.name
	}
	return ""
}

// appendDuration writes seconds as HH:MM:SS; hours go beyond 24.
func appendDuration(b []byte, seconds int64) []byte {
	if hours := seconds / 3600; hours < 10 {
		b = append(b, '0')
	}
	b = append(strconv.AppendInt(b, seconds/3600, 10), ':')
	for i, n := range [2]int64{seconds / 60 % 60, seconds % 60} {
		b = append(b, byte('0'+n/10), byte('0'+n%10))
		if i == 0 {
			b = append(b, ':')
		}
	}
	return b
}
