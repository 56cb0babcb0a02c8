package national

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/entscope/entscope/anonymize/durable"
)

// writeRegisters writes the IPS files of three levels, the annuaire and the calendar.
func (w *world) writeRegisters(dir string) error {
	files := map[string][]byte{"annuaire.csv": w.annuaire(), "calendrier.csv": w.calendar()}
	for level, name := range []string{"ecoles-ap2022", "colleges-ap2023", "lycees-ap2023"} {
		files["ips/fr-en-ips-"+name+".csv"] = w.ips(level)
	}
	for name, data := range files {
		if err := durable.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

var sectors = []string{"public", "privé sous contrat"}

func (w *world) ips(level int) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeffRentrée scolaire;Académie;Code du département;Département;UAI;Nom de l'établissement;" +
		"Code INSEE de la commune;Nom de la commune;Secteur;")
	if level == 2 {
		b.WriteString("Type de lycée;Effectifs voie GT;Effectifs voie PRO;Effectifs Ensemble GT-PRO;" +
			"IPS voie GT;IPS voie PRO;IPS Ensemble GT-PRO;Ecart type de l'IPS voie GT\n")
	} else {
		b.WriteString("Effectifs;IPS;Ecart-type de l'IPS\n")
	}
	for _, year := range w.years {
		if year < 2022 && len(w.years) > 4 {
			continue
		}
		for i := range w.schools {
			s := &w.schools[i]
			if s.level != level {
				continue
			}
			fmt.Fprintf(&b, "%s;%s;%s;%s;%s;%s;%s;%s;%s;", yearName(year), strings.ToUpper(s.departement.academie),
				s.uai[:3],
				strings.ToUpper(s.departement.name), s.uai, s.name, s.uai[1:6], s.commune(), sectors[bit(s.private)])
			index := fmt.Sprintf("%d.%d", s.ips/10, s.ips%10)
			if level == 2 {
				fmt.Fprintf(&b, "LPO;%d.0;%d.0;%d.0;%s;NS;%s;30.1\n", s.pupils-s.pupils/4, s.pupils/4, s.pupils, index,
					index)
			} else {
				fmt.Fprintf(&b, "%d.0;%s;30.1\n", s.pupils, index)
			}
		}
	}
	return b.Bytes()
}

func (w *world) annuaire() []byte {
	var b bytes.Buffer
	b.WriteString("\ufeffIdentifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;" +
		"Nom_commune;Libelle_departement;Libelle_academie;Libelle_region;ministere_tutelle;libelle_nature\n")
	for i := range w.schools {
		s := &w.schools[i]
		fmt.Fprintf(&b, "%s;%s;%s;%s;%s;%s;%s;%s;SYNTHETIQUE;%s\n", s.uai, s.name, []string{"Ecole", "Collège",
			"Lycée"}[s.level],
			[]string{"Public", "Privé"}[bit(s.private)], s.commune(), s.departement.name, s.departement.academie,
			s.departement.region,
			[]string{"ECOLE DE NIVEAU ELEMENTAIRE", "COLLEGE", "LYCEE ENSEIGNT GENERAL ET TECHNOLOGIQUE"}[s.level])
	}
	return b.Bytes()
}

// calendar writes each holiday of each académie, as the real one does.
func (w *world) calendar() []byte {
	var b bytes.Buffer
	b.WriteString("\ufeffDescription;Population;Date de début;Date de fin;Académies;Zones;annee_scolaire\n")
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		paris = time.UTC
	}
	instant := func(d int32) string {
		t := date(d)
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, paris).Format("2006-01-02T15:04:05-07:00")
	}
	done := map[string]bool{}
	for _, d := range departements {
		if done[d.academie] {
			continue
		}
		done[d.academie] = true
		zone := d.zone
		if len(zone) == 1 {
			zone = "Zone " + zone
		}
		for i := 0; i < len(w.weeks); {
			name, from := holiday(d.zone, w.weeks[i]), w.weeks[i]
			if i++; name == "" {
				continue
			}
			for i < len(w.weeks) && holiday(d.zone, w.weeks[i]) == name {
				i++
			}
			to := w.weeks[i-1] + 7
			fmt.Fprintf(&b, "%s;-;%s;%s;%s;%s;%s\n", name, instant(from), instant(to), d.academie, zone,
				yearName(yearOf(from)))
		}
	}
	return b.Bytes()
}
