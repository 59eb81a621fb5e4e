/// Tests of the room.
@org.jspecify.annotations.NullMarked
package dev.portcullis.cli.command;
