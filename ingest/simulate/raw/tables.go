package raw

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// table is a CSV file that all basins share: one entry of tables says all there is
// to say of it.
type table struct {
	path   string // below the folder of the region
	header string // columns, parted by the delimiter, and the end of a line
	latin  bool   // in ISO-8859-15, as the vie scolaire product exports; UTF-8 otherwise
	years  bool   // of a window of years alone
	// rows puts the rows of a basin.
	rows func(b *basin, put put)
}

// put takes one row of a table, in the order of its header.
type put func(fields ...string)

var tables = []table{
	{path: "accounts/entcore.csv", rows: (*basin).entcoreAccounts,
		header: "id;externalId;profil;nom;prenom;courriel;mobile;date_creation;date_activation\n"},
	{path: "accounts/uportal.csv", rows: (*basin).uportalAccounts,
		header: "uid,ENTPersonJointure,objectClass,cn,mail,mobile,creation,activation\n"},
	{path: "accounts/cas.csv", rows: (*basin).casAccounts,
		header: "Identifiant;Code AAF;Type de compte;Nom;Courriel;Téléphone portable;Créé le;Activé le\r\n"},
	{path: "accounts/visio.csv", rows: (*basin).visioAccounts, years: true,
		header: "Code AAF;Identifiant;Type de compte\n"},
	{path: "registers/publications.csv", rows: (*basin).publications, latin: true,
		header: "UAI;Classe;Matière;Publié le;Évalué le;Rendu le\r\n"},
	{path: "registers/accompagnement.csv", rows: (*basin).accompaniment,
		header: "Responsable;Nom;Date;Forme;Mode\r\n"},
	{path: "registers/equipement.csv", rows: (*basin).survey,
		header: "Eleve,Ordinateur,Internet fixe,Date\n"},
	{path: "registers/messages.csv", rows: (*basin).messages,
		header: "Message;Fil;UAI;Expéditeur;Profil expéditeur;Destinataire;Profil destinataire;" +
			"Envoyé le;Ouvert le;Destinataires;Octets;Fichier;Réponse avant\n"},
	{path: "registers/contenus.csv", rows: (*basin).contents, header: "UAI;Classe;Publié le;Type;Média\n"},
	{path: "registers/parametres.csv", rows: (*basin).settings, header: "UAI;Paramètre;Valeur;Du;Au\n"},
	{path: "registers/livrets.csv", rows: (*basin).books, header: "UAI;Niveau;Publié le\n"},
	{path: "registers/demarches.csv", rows: (*basin).procedures, years: true, header: "Eleve;Démarche;Échéance;Faite le\n"},
	{path: "registers/prets.csv", rows: (*basin).loans, years: true, header: "Eleve;Demandé le;Prêté le;Rendu le\n"},
	{path: "registers/formations.csv", rows: (*basin).training, years: true, header: "UAI;Date;Sessions\n"},
	{path: "registers/reunions.csv", rows: (*basin).meetings, years: true, header: "Réunion;Responsable;Date;Présent\n"},
}

// of are the tables that a window has.
func tablesOf(w *region.Window) []table {
	var out []table
	for _, t := range tables {
		if !t.years || w.Years > 0 {
			out = append(out, t)
		}
	}
	return out
}

// render gives the rows of a basin as bytes of the file.
func (t *table) render(b *basin) ([]byte, error) {
	var out bytes.Buffer
	delimiter := ";"
	if !strings.Contains(t.header, delimiter) {
		delimiter = ","
	}
	end := t.header[len(strings.TrimRight(t.header, "\r\n")):]
	t.rows(b, func(fields ...string) {
		for i, f := range fields {
			if i > 0 {
				out.WriteString(delimiter)
			}
			out.WriteString(quote(f, delimiter))
		}
		out.WriteString(end)
	})
	return t.encode(out.Bytes())
}

// quote quotes a field that needs it.
func quote(s, delimiter string) string {
	if strings.ContainsAny(s, "\"\r\n"+delimiter) {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

func (t *table) encode(text []byte) ([]byte, error) {
	if !t.latin {
		return text, nil
	}
	out, err := charmap.ISO8859_15.NewEncoder().Bytes(text)
	if err != nil {
		return nil, fmt.Errorf("encode %s in iso-8859-15: %w", t.path, err)
	}
	return out, nil
}

// Rows are the rows that a basin adds to the shared CSV files.
type Rows struct{ of [][]byte }

func (b *basin) renderTables() (Rows, error) {
	var r Rows
	for _, t := range tablesOf(b.Window) {
		text, err := t.render(b)
		if err != nil {
			return Rows{}, err
		}
		r.of = append(r.of, text)
	}
	return r, nil
}

// Tables are the shared CSV files while they are being written.
type Tables struct{ files []*sink }

// OpenTables creates the shared CSV files of a window under dir/raw and writes
// their headers.
func OpenTables(dir string, w *region.Window) (*Tables, error) {
	open := &Tables{}
	for _, t := range tablesOf(w) {
		out, err := create(filepath.Join(dir, "raw", t.path))
		if err != nil {
			return nil, errors.Join(err, open.Close())
		}
		open.files = append(open.files, out)
		header, err := t.encode([]byte(t.header))
		if err != nil {
			return nil, errors.Join(err, open.Close())
		}
		out.write(header)
	}
	return open, nil
}

// Write adds the rows of the next basin, in the order of the basins.
func (t *Tables) Write(r Rows) {
	for i, text := range r.of {
		t.files[i].write(text)
	}
}

// Close closes the files and returns the first fault of each.
func (t *Tables) Close() error {
	var faults []error
	for _, f := range t.files {
		faults = append(faults, f.close())
	}
	return errors.Join(faults...)
}
