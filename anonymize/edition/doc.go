// Package edition is the published form of an edition: the schemas of its
// tables, its manifest, its data package and its codebook.
//
// An edition is a folder. A Writer stages files beside the final place, writes
// the manifest last and renames the whole folder, so that it appears at once or
// not at all; it is immutable afterwards. Readers open the folder as an os.Root,
// read the manifest and verify every hash before they trust a byte.
//
// This package is a leaf: it imports nothing of the house, so that everybody
// downstream of the wall can read an edition with it and nothing else.
package edition
