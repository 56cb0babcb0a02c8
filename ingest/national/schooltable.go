package national

import (
	"maps"
	"slices"
	"strconv"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/tabular"
)

// academies are the names of the académies as the DNMA writes them; other files have
// them in capitals and without accents.
var academies = func() map[string]string {
	byHeading := map[string]string{}
	for _, name := range []string{
		"Aix-Marseille", "Amiens", "Besançon", "Bordeaux", "Caen", "Clermont-Ferrand", "Corse", "Créteil", "Dijon",
		"Etranger",
		"Grenoble", "Guadeloupe", "Guyane", "La Réunion", "Lille", "Limoges", "Lyon", "Martinique", "Mayotte",
		"Montpellier",
		"Nancy-Metz", "Nantes", "Nice", "Normandie", "Nouvelle-Calédonie", "Orléans-Tours", "Paris", "Poitiers",
		"Polynésie française", "Reims", "Rennes", "Rouen", "Saint-Pierre-et-Miquelon", "Strasbourg", "Toulouse",
		"Versailles",
		"Wallis-et-Futuna",
	} {
		byHeading[heading(name)] = name
	}
	byHeading["reunion"] = "La Réunion"
	return byHeading
}()

func academie(text string) string {
	if name, ok := academies[heading(text)]; ok {
		return name
	}
	return text
}

// schoolRows joins what all files say of a school: the DNMA first, then the annuaire,
// then the IPS files.
func schoolRows(measured *schools, r *registers) (rows []SchoolRow, strangers int) {
	all := map[string]*SchoolRow{}
	school := func(name string) *SchoolRow {
		s := all[name]
		if s == nil {
			s = &SchoolRow{UAI: name, UAIValid: ingest.ValidUAI(name)}
			all[name] = s
		}
		return s
	}
	for key, seen := range measured.by {
		school(uai(key)).measured(seen)
	}
	listed := map[string]bool{}
	for i := range r.annuaire {
		listed[r.annuaire[i].uai] = true
	}
	for _, register := range [][]registerRow{r.annuaire, newestFirst(r.ips)} {
		for i := range register {
			school(register[i].uai).register(&register[i])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s := all[name]
		s.DepartementNumber = optional(departementNumber(name))
		zone := ""
		if r.holidays != nil {
			zone = r.holidays.ZoneOf(value(s.Academie), name)
		}
		s.Zone = optional(zone)
		if r.given[Annuaire] {
			known := listed[name]
			s.InAnnuaire = &known
			if !known && s.InDNMA {
				strangers++
			}
		}
		rows = append(rows, *s)
	}
	return rows, strangers
}

func newestFirst(rows []registerRow) []registerRow {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b registerRow) int {
		switch {
		case a.year > b.year:
			return -1
		case a.year < b.year:
			return 1
		}
		return 0
	})
	return sorted
}

// measured takes what the DNMA says.
func (s *SchoolRow) measured(seen *seen) {
	said := func(f field) *string { return optional(seen.said[f-fAcademie]) }
	s.InDNMA, s.Moved = true, seen.moved
	s.Academie = optional(academie(seen.said[0]))
	s.Nature, s.Departement, s.Region, s.Commune = said(fNature), said(fDepartement), said(fRegion), said(fCommune)
	s.Ministere, s.Circonscription = said(fMinistere), said(fCirconscription)
	s.Sector = optional(sectorOf(seen.said[fSector-fAcademie]))
	s.Level = optional(directory.SchoolLevel(value(s.Nature)))
}

// register fills what is not known yet.
func (s *SchoolRow) register(r *registerRow) {
	for _, of := range []struct {
		into **string
		text string
	}{
		{&s.Name, r.name}, {&s.Level, r.level}, {&s.Nature, r.nature}, {&s.Sector, r.sector}, {&s.Academie,
			academie(r.academie)},
		{&s.Departement, r.departement}, {&s.Region, r.region}, {&s.Commune, r.commune}, {&s.Ministere, r.ministere},
		{&s.Circonscription, r.circonscription},
	} {
		if *of.into == nil {
			*of.into = optional(of.text)
		}
	}
}

func value(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// departementNumber is the number of a département as people write it, from the UAI:
// "01", "2A" and "2B" for the 620 and 720 of UAIs, "974".
func departementNumber(uai string) string {
	n, err := strconv.Atoi(uai[:3])
	switch {
	case err != nil || n == 0:
		return ""
	case n == 620:
		return "2A"
	case n == 720:
		return "2B"
	case n < 100:
		return uai[1:3]
	}
	return uai[:3]
}

// synthetic reports whether the files were simulated: the generator says so in the
// column of the ministry.
func synthetic(measured *schools) bool {
	for _, s := range measured.by {
		if tabular.Fold(s.said[fMinistere-fAcademie]) == syntheticMinistry {
			return true
		}
	}
	return false
}

const syntheticMinistry = "synthetique"
