package combine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
)

// Cell names the cells of a measure or of a curve in a group, of one population or, for "", of all.
type Cell struct{ Source, Population, Grouping, Group string }

// Pool writes the cells of the parts as one research edition into the folder dir, which must not be there
// yet: sums, life tables, weeks and coverage, but the cells of hidden, part by part (nil hides none),
// and those of measures that follow from ranks. The same parts in any order give the same bytes.
func Pool(disk durable.Disk, dir, study string, parts []*Part, hidden map[*Part]map[Cell]bool) error {
	parts = inOrder(parts)
	w, err := edition.NewWriterOn(disk, dir)
	if err != nil {
		return fmt.Errorf("combine: %w", err)
	}
	p := pool{parts: parts, hidden: hidden, manifest: manifestOf(study, parts)}
	if err := p.open(); err != nil {
		p.close()
		return fmt.Errorf("combine: %w", err)
	}
	defer p.close()
	if err := p.write(w); err != nil {
		w.Abort()
		return fmt.Errorf("combine: %w", err)
	}
	return nil
}

// pool is a combination under way.
type pool struct {
	parts    []*Part
	roots    []*os.Root
	clusters []map[int32]int32 // of each part: its number → that of the combination
	hidden   map[*Part]map[Cell]bool
	manifest *edition.Manifest
}

// manifestOf is what a combination says of itself. What parts attest stays with them.
func manifestOf(study string, parts []*Part) *edition.Manifest {
	first, called, all := parts[0].Manifest, names(parts), sha256.New()
	m := &edition.Manifest{
		Kind: edition.KindResearch, Study: study, Term: first.Term, Start: first.Start, End: first.End,
		Subject: first.Subject, Synthetic: first.Synthetic, Software: first.Software, Thresholds: first.Thresholds,
		Perturbation: first.Perturbation, Declared: first.Declared,
		Notes: []string{fmt.Sprintf(edition.NoteCombined, len(parts)), edition.NoteTwice},
	}
	for i, p := range parts {
		all.Write([]byte(p.Hash))
		of := p.Manifest.Population
		m.Population.Persons += of.Persons
		m.Population.Children += of.Children
		m.Population.Families += of.Families
		m.Population.Schools += of.Schools
		m.Combined = append(m.Combined,
			edition.Part{Name: called[i], Manifest: p.Hash, KeyID: p.Manifest.KeyID, Population: of})
		for _, note := range p.Manifest.Notes {
			if !slices.Contains(m.Notes, note) {
				m.Notes = append(m.Notes, note)
			}
		}
	}
	m.InputHash = hex.EncodeToString(all.Sum(nil))
	return m
}

// open opens the parts and numbers their clusters: those of a part in their order, after those
// of the part before. Clusters of one part keep being one over its tables.
func (p *pool) open() error {
	next := int32(0)
	for _, part := range p.parts {
		root, err := os.OpenRoot(part.Dir)
		if err != nil {
			return err
		}
		p.roots = append(p.roots, root)
		seen := map[int32]int32{}
		for id, err := range clustersOf(root) {
			if err != nil {
				return err
			}
			seen[id] = 0
		}
		for _, id := range slices.Sorted(maps.Keys(seen)) {
			seen[id] = next
			next++
		}
		p.clusters = append(p.clusters, seen)
		p.manifest.Combined[len(p.roots)-1].Clusters = int32(len(seen))
	}
	return nil
}

func (p *pool) close() {
	for _, root := range p.roots {
		root.Close()
	}
}

// clustersOf are the clusters of the cell tables of an edition, many times each.
func clustersOf(root *os.Root) iter.Seq2[int32, error] {
	return func(yield func(int32, error) bool) {
		for row, err := range edition.Rows[edition.SumRow](root, edition.TableSums) {
			if !yield(row.Cluster, err) {
				return
			}
		}
		for row, err := range edition.Rows[edition.TimeRow](root, edition.TableTimes) {
			if !yield(row.Cluster, err) {
				return
			}
		}
		for row, err := range edition.Rows[edition.WeekRow](root, edition.TableWeeks) {
			if !yield(row.Cluster, err) {
				return
			}
		}
	}
}

// write writes the tables, what explains them, and the manifest last.
func (p *pool) write(w *edition.Writer) error {
	if err := table(p, w, edition.TableSums, sumOrder, func(part int, r *edition.SumRow) bool {
		r.Cluster = p.clusters[part][r.Cluster]
		m, known := edition.FindMeasure(r.Measure)
		return known && !m.Ranked && !p.hides(part, Cell{r.Measure, r.Population, r.Grouping, r.Group})
	}); err != nil {
		return err
	}
	if err := table(p, w, edition.TableTimes, timeOrder, func(part int, r *edition.TimeRow) bool {
		r.Cluster = p.clusters[part][r.Cluster]
		return !p.hides(part, Cell{r.Curve, "", r.Grouping, r.Group})
	}); err != nil {
		return err
	}
	if err := table(p, w, edition.TableWeeks, weekOrder, func(part int, r *edition.WeekRow) bool {
		r.Cluster = p.clusters[part][r.Cluster]
		return true
	}); err != nil {
		return err
	}
	if err := table(p, w, edition.TableCoverage, coverageOrder, func(int, *edition.CoverageRow) bool {
		return true
	}); err != nil {
		return err
	}
	if err := w.Describe(p.manifest); err != nil {
		return err
	}
	return w.Commit(p.manifest)
}

func (p *pool) hides(part int, c Cell) bool {
	hidden, all := p.hidden[p.parts[part]], c
	all.Population = ""
	return hidden[c] || hidden[all]
}
