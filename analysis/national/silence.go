package national

import (
	"cmp"
	"slices"
)

// feed is one table of the DNMA whose columns may stop.
type feed struct {
	name    string
	columns []string
}

// Services are those of the DNMA, in the order of its columns.
var Services = []string{
	"accueil", "actualites", "cahier_textes", "cahier_liaison", "courrier_electronique", "messagerie_instantanee",
	"visioconference", "stockage_partage", "production_collaborative", "documentation_cdi", "parcours_pedagogique",
	"reservation_salles_materiels", "service_collectivite", "services_vie_scolaire", "gestion_temps", "absences",
	"gestion_competences", "notes", "manuel_numerique", "ressource_multimedia", "ressource_orientation",
	"ressource_production", "ressource_accompagnement_entrainement", "ressource_reference_dictionnaire",
	"ressource_documentaire",
}

// Devices are the four classes of the DNMA; their shares add up to 1.
var Devices = []string{"smartphone", "ordinateur", "tablette", "autre"}

// deviceColumns are the columns of pupils, then of parents, in the order of Devices.
var deviceColumns = []string{
	"eleve_smartphone", "eleve_ordinateur", "eleve_tablette", "eleve_autresappareil",
	"parent_smartphone", "parent_ordinateur", "parent_tablette", "parent_autresappareil",
}

var feeds = []feed{
	{"profils", Profiles}, {"services", Services}, {"profils_appareils", deviceColumns},
}

// Silence is a feed that stood still: a column at 0 is not a use at 0.
type Silence struct {
	Table, Column string // visites_notes
	Academie      string // empty: in all of them
	// Since is the first Monday without visits, Until the first with visits again, or
	// the week after the last of the file.
	Since, Until int
	// Stopped says that it never came back.
	Stopped bool
}

const (
	// quietWeeks is how long a column must stand still to be a feed that stopped: longer
	// than the summer holidays.
	quietWeeks = 10
	// quietShare: below one in a hundred of its usual level a column stands still.
	quietShare = 100
	// leastLevel is the usual number of weekly visits below which silence is no sign.
	leastLevel = 50
)

// silences finds the columns of a table that stood still, in each académie and in all
// together (Academie empty). A week counts only where the table has rows and was not
// cut, and a silence only while the whole table went on.
func silences(f feed, rows []feedWeek, thin map[int]bool) []Silence {
	sum := map[int][]int64{}
	series := map[string]map[int][]int64{"": sum}
	for _, r := range rows {
		if thin[r.day] {
			continue
		}
		if r.academie != "" {
			if series[r.academie] == nil {
				series[r.academie] = map[int][]int64{}
			}
			series[r.academie][r.day] = r.visits
		}
		if sum[r.day] == nil {
			sum[r.day] = make([]int64, len(f.columns))
		}
		for k, v := range r.visits {
			sum[r.day][k] += v
		}
	}
	var out []Silence
	for academie, weeks := range series {
		days := make([]int, 0, len(weeks))
		for day := range weeks {
			days = append(days, day)
		}
		slices.Sort(days)
		for k := range f.columns {
			values, rest := make([]int64, len(days)), make([]int64, len(days))
			for i, day := range days {
				values[i] = weeks[day][k]
				for j, v := range weeks[day] {
					if j != k {
						rest[i] += v
					}
				}
			}
			for _, s := range quiet(days, values, rest) {
				s.Table, s.Column, s.Academie = f.name, "visites_"+f.columns[k], academie
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b Silence) int {
		return cmp.Or(
			cmp.Compare(a.Academie, b.Academie),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Since, b.Since),
		)
	})
	return out
}

// quiet finds the runs of weeks in which values stand still, after a start, while the
// rest of the table goes on.
func quiet(days []int, values, rest []int64) []Silence {
	level, others := quantilePositive(values, 3), quantilePositive(rest, 2)
	if level < leastLevel {
		return nil
	}
	var out []Silence
	started, from, alive := false, -1, 0
	closeAt := func(until int, stopped bool) {
		if from >= 0 && alive >= quietWeeks {
			out = append(out, Silence{Since: days[from], Until: until, Stopped: stopped})
		}
		from, alive = -1, 0
	}
	for i, v := range values {
		if v*quietShare > level {
			closeAt(days[i], false)
			started = true
			continue
		}
		if !started {
			continue
		}
		if from < 0 {
			from = i
		}
		if rest[i]*10 > others {
			alive++ // a week of holidays stands still in every column
		}
	}
	if len(days) > 0 {
		closeAt(days[len(days)-1]+7, true)
	}
	return out
}

// quantilePositive is the value below which k quarters of those above 0 lie; 0 without
// any. The usual level of a column is its third quartile: half of its weeks may be a
// trickle after it stopped.
func quantilePositive(values []int64, k int) int64 {
	var positive []int64
	for _, v := range values {
		if v > 0 {
			positive = append(positive, v)
		}
	}
	if len(positive) == 0 {
		return 0
	}
	slices.Sort(positive)
	return positive[(len(positive)-1)*k/4]
}

// silentIn reports whether a column stood still in an académie for four weeks or more
// between two days: what it says of that time is no use.
func (e *Edition) silentIn(academie, column string, from, to int) bool {
	for _, s := range e.silences {
		if s.Column == column && (s.Academie == "" || s.Academie == academie) &&
			min(to+7, s.Until)-max(from, s.Since) >= 4*7 {
			return true
		}
	}
	return false
}
