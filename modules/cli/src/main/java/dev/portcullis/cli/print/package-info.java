/// Words on the terminal: tables, colour, and nothing that came from outside unescaped.
@org.jspecify.annotations.NullMarked
package dev.portcullis.cli.print;
