// Package edition is the form of an edition: a folder of Parquet tables with a
// manifest, a codebook and a data package.
//
//	research-2025-T1/
//	  parents.parquet …   rows of schema.go; which, and of what meaning: tables.toml
//	  CODEBOOK.fr.md      the same for people, with the measures (Measures, Curves)
//	  datapackage.json    the same for machines, as a Data Package v2
//	  manifest.json       what it was made from, what it promises, every hash
//
// Writing: NewWriter stages the folder beside its place; WriteTable and Describe
// fill it; Commit writes the manifest last and puts the whole in place, so that an
// edition appears at once or not at all. It is immutable afterwards.
//
// Reading: open the folder as an os.Root, Read the manifest and Verify every hash
// before trusting a byte.
//
// The package imports nothing of the house but the durable writer, so that
// everybody downstream of the wall can read an edition with it and nothing else.
package edition
